import { type Case, cases } from './cases.ts';
import { expectedOfCleanUp, expectedOfScenario } from './expected.ts';
import { machines } from './machines.fixture.ts';

const { definitionOf } = machines();
const caseOf = (machine: string, id: string): Case => cases(definitionOf(machine)).find((c) => c.id === id)!;

test.each([
  ['Prepare: error', [], false],
  ['Touched nothing: time-out', [], false],
  ['Dry run?: error', ['ERROR'], true],
  ['Dry run?: time-out', ['ABORTED'], true],
  ['Experiment[0]/Guard[0]/Inject: time-out', ['ERROR'], true],
  ['Experiment[0]/Guard[0]/Watch fault: what next?: time-out', ['ABORTED'], true],
  ['Experiment[0]/Note: Guard: error', ['ERROR', 'INVALID'], true],
  ['Experiment[0]/Note: Stop load after failure: error', ['ERROR', 'INVALID', 'ABORTED'], true],
  ['Analyse: error', ['ERROR'], false],
  ['Note: Analyse: error', ['ERROR'], false],
  ['Publish: error', ['INVALID'], true],
  ['Released: time-out', ['INVALID'], true],
])('%s in a scenario ends as %j', (id, verdicts, result) => {
  expect(expectedOfScenario(caseOf('faultline-cache-failure', id))).toMatchObject({ verdicts, result });
});

test.each([
  ['Take over: error', ['ABORTED'], true],
  ['Nothing left: error', ['INVALID'], true],
  ['Note: Analyse: error', ['ERROR'], false],
])('%s in a clean-up ends as %j', (id, verdicts, result) => {
  expect(expectedOfCleanUp(caseOf('faultline-clean-up', id))).toMatchObject({ verdicts, result });
});
