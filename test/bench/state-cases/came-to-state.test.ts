import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { cameToState } from './came-to-state.ts';
import { cases } from './cases.ts';
import { machines } from './machines.fixture.ts';

const definition = machines().definitionOf('faultline-cache-failure');
const nobody = 'arn:aws:states:us-east-1:000000000000:activity:nobody';
const event = (details: Partial<HistoryEvent>) => details as HistoryEvent;

const thrown = event({ taskFailedEventDetails: { resourceType: 'lambda', resource: 'x', error: 'InjectedFailure' } });
const timedOut = event({ taskFailedEventDetails: { resourceType: 'lambda', resource: 'x', error: 'States.Timeout' } });
/** As the emulator has an error of Node. */
const unnamed = event({
  taskFailedEventDetails: {
    resourceType: 'lambda',
    resource: 'x',
    error: 'Runtime.HandlerError',
    cause: '{"errorMessage":"InjectedFailure: on purpose"}',
  },
});
const others = event({ taskFailedEventDetails: { resourceType: 'lambda', resource: 'x', error: 'RunNotFound' } });
const hangs = event({
  taskScheduledEventDetails: { resourceType: 'states', resource: nobody, region: 'us-east-1', parameters: '' },
});
const ended = event({ executionFailedEventDetails: { error: 'InjectedFailure' } });

test.each<[id: string, history: HistoryEvent[], noted: string[], came: boolean]>([
  ['Verify: error', [thrown], [], true],
  ['Verify: error', [unnamed], [], true],
  ['Verify: time-out', [timedOut], [], true],
  ['Verify: error', [others], [], false],
  ['Verify: error', [], [], false],
  // The verification failed, but the note of it did not.
  ['Note: Verify: error', [thrown], [], false],
  ['Note: Verify: error', [thrown, thrown], [], true],
  ['Released: time-out', [hangs], [], true],
  ['Released: time-out', [], [], false],
  ['Released: error', [ended], [], true],
  ['Released: error', [], [], false],
  ['Experiment[0]/Guard[0]/Watch fault: what next?: error', [], ['{"error":"InjectedFailure"}'], true],
  ['Experiment[0]/Guard[0]/Watch fault: what next?: error', [], ['{"error":"LoadFailed"}'], false],
])('%s with history %j and notes %j: %s', (id, history, noted, came) => {
  const failing = cases(definition).find((c) => c.id === id)!;
  expect(cameToState(definition, failing, history, noted, nobody)).toBe(came);
});
