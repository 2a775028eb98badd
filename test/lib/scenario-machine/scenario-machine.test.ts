import validate from 'asl-validator';
import { longestSeconds } from '../../../lambdas/runs/run.ts';
import { availableScenarios, scenarioById } from '../../../lambdas/scenarios/registry.ts';
import type { ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import {
  endsFrom,
  isEnd,
  type Machine,
  machineNamed,
  nested,
  reachable,
  stateOf,
  successors,
} from '../support/machine.ts';
import { synth } from '../support/synth.ts';

const { core } = synth('aws');
const machineOf = (id: ScenarioId) => machineNamed(core, `faultline-${id}`);
const ids = availableScenarios.map((s) => s.id);
const withFault = availableScenarios.filter((s) => s.fault !== null).map((s) => s.id);

/** The machine in which the experiment itself is: inside the guard, beside the observers. */
function experimentOf(machine: Machine): Machine {
  const guarded = stateOf(machine, 'Experiment').Branches![0]!;
  return stateOf(guarded, 'Guard').Branches![0]!;
}

const tail = [
  'Ensure reverted',
  'Ensure gone',
  'Ensure load stopped',
  'Verify',
  'Keep telemetry',
  'Analyse',
  'Publish',
  'Release',
];

test('every state machine is valid Amazon States Language with valid JSONata', async () => {
  const names: string[] = Object.values(core.findResources('AWS::StepFunctions::StateMachine')).map(
    ({ Properties }) => Properties.StateMachineName,
  );
  expect(names).toEqual(expect.arrayContaining([...ids.map((id) => `faultline-${id}`), 'faultline-game-day']));
  for (const name of names) {
    const { isValid, errors } = await validate(machineNamed(core, name), { checkPaths: true, checkArn: false });
    expect([name, errors, isValid]).toEqual([name, [], true]);
  }
  process.stdout.write(`asl-validator: 0 errors in ${names.length} state machines\n`);
});

describe.each(ids)('the machine of %s', (id) => {
  const machine = machineOf(id);

  test('has no state that nothing leads to, and none that leads nowhere', () => {
    for (const each of nested(machine)) {
      expect([...reachable(each, each.StartAt)].sort()).toEqual(Object.keys(each.States).sort());
      for (const name of Object.keys(each.States)) expect(endsFrom(each, name).length).toBeGreaterThan(0);
    }
  });

  test('ends in the release of the target, or before it has taken anything', () => {
    expect(endsFrom(machine, machine.StartAt)).toEqual(['Released', 'Touched nothing']);
    expect(reachable(machine, machine.StartAt, ['Experiment'])).toEqual(
      new Set(['Prepare', 'Dry run?', 'Touched nothing']),
    );
    for (const name of reachable(machine, 'Experiment')) {
      expect([name, endsFrom(machine, name)]).toEqual([name, ['Released']]);
    }
  });

  test.each(tail)('goes through "%s" on every path from the experiment to the release', (step) => {
    expect(endsFrom(machine, 'Experiment', [step])).toEqual([]);
  });

  test('has its tail in the order in which it has to be done', () => {
    for (const [i, step] of tail.entries()) {
      const later = reachable(machine, step);
      for (const before of tail.slice(0, i)) expect(later).not.toContain(before);
    }
  });

  test('goes on to the next step of the tail whatever becomes of one', () => {
    const tasks = [...reachable(machine, 'Ensure reverted')].filter(
      (name) => stateOf(machine, name).Type === 'Task' && name !== 'Release',
    );
    expect(tasks.length).toBe(2 * (tail.length - 1));
    for (const name of tasks) {
      const { Catch = [] } = stateOf(machine, name);
      expect([name, Catch.map((c) => c.ErrorEquals)]).toEqual([name, [['States.ALL']]]);
      const step = tail.findIndex((t) => name === t || name === `Note: ${t}`);
      expect(reachable(machine, Catch[0]!.Next)).toContain(tail[step + 1]);
      expect(reachable(machine, Catch[0]!.Next)).not.toContain(tail[step]);
    }
  });

  test('catches whatever the experiment or an observer throws', () => {
    const experiment = stateOf(machine, 'Experiment');
    const guard = stateOf(experiment.Branches![0]!, 'Guard');
    for (const { Catch } of [experiment, guard]) expect(Catch?.map((c) => c.ErrorEquals)).toEqual([['States.ALL']]);
    expect(experiment.Catch![0]!.Next).toBe('Note: Experiment');
    expect(successors(stateOf(machine, 'Note: Experiment'))).toEqual(['Ensure reverted', 'Ensure reverted']);
  });

  test('keeps the run id on every path, also on those of a Catch', () => {
    for (const each of nested(machine)) {
      for (const [name, state] of Object.entries(each.States)) {
        for (const { Output } of state.Catch ?? []) expect([name, Output?.runId]).toEqual([name, expect.any(String)]);
        if (state.Type === 'Task')
          expect([name, state.Output]).toEqual([name, expect.objectContaining({ runId: expect.any(String) })]);
      }
    }
  });

  test('carries names and answers from state to state, never a whole result', () => {
    for (const each of nested(machine)) {
      for (const state of Object.values(each.States).filter((s) => s.Type === 'Task')) {
        for (const value of Object.values(state.Output as Record<string, string>)) {
          expect(value).toMatch(/^\{% \$states\.(input\.(runId|slice \+ 2)|result\.Payload\.\w+) %\}$/);
        }
      }
    }
  });

  test('repeats only what throttling or a passing trouble has broken, with pauses that grow at random', () => {
    const tasks = nested(machine).flatMap((each) => Object.values(each.States).filter((s) => s.Type === 'Task'));
    const pauses = { BackoffRate: 2, JitterStrategy: 'FULL', IntervalSeconds: 1 };
    for (const { Retry } of tasks) {
      expect(Retry).toEqual([
        { ErrorEquals: expect.any(Array), MaxAttempts: 4, ...pauses },
        { ErrorEquals: ['Lambda.Unknown', 'Sandbox.Timedout', 'Runtime.ExitError'], MaxAttempts: 2, ...pauses },
      ]);
      for (const error of Retry![0]!.ErrorEquals) {
        expect(error).toMatch(/^Lambda\.|Throttling|ThroughputExceeded|RequestLimitExceeded|TooManyRequests/);
      }
    }
  });

  test('gives every task a time limit, and itself more than the longest run', () => {
    const tasks = nested(machine).flatMap((each) => Object.values(each.States).filter((s) => s.Type === 'Task'));
    for (const task of tasks) expect(task.TimeoutSeconds).toBeGreaterThan(0);
    expect(machine.TimeoutSeconds).toBeGreaterThan(longestSeconds(scenarioById(id).seconds.full));
  });

  test('observes in two lanes that take every other slice, until the experiment has ended', () => {
    const lanes = stateOf(machine, 'Experiment').Branches!.slice(1);
    expect(lanes.map((lane) => (stateOf(lane, lane.StartAt).Output as { slice: number }).slice)).toEqual([0, 1]);
    for (const lane of lanes) {
      const [name] = Object.keys(lane.States).filter((n) => n.startsWith('Observe,'));
      expect((stateOf(lane, name!).Output as { slice: string }).slice).toContain('slice + 2');
      expect(endsFrom(lane, lane.StartAt)).toHaveLength(1);
    }
  });

  test('ends the load on every path through the experiment', () => {
    const experiment = experimentOf(machine);
    expect(endsFrom(experiment, experiment.StartAt)).toEqual(['Experiment ended']);
    expect(endsFrom(experiment, experiment.StartAt, ['Stop load'])).toEqual([]);
  });
});

describe.each(withFault)('the fault of %s', (id) => {
  const experiment = experimentOf(machineOf(id));

  test('is injected only after a baseline that was steady', () => {
    expect(reachable(experiment, experiment.StartAt, ['Watch baseline'])).not.toContain('Inject');
    const { Choices = [] } = stateOf(experiment, 'Watch baseline: what next?');
    expect(Choices.map((c) => c.Next)).toEqual(['Watch baseline', 'Stop load']);
  });

  test('is injected only after the way back was rehearsed', () => {
    for (const rehearsal of ['Rehearse revert', 'Rehearse proof']) {
      expect(reachable(experiment, experiment.StartAt, [rehearsal])).not.toContain('Watch baseline');
      expect(stateOf(experiment, rehearsal)).toMatchObject({ Arguments: { Payload: { rehearsal: true } } });
    }
  });

  test('is reverted on every path after its injection, also when it was not proven', () => {
    expect(endsFrom(experiment, 'Inject', ['Revert'])).toEqual([]);
    expect(endsFrom(experiment, 'Inject', ['Prove gone'])).toEqual([]);
  });

  test('is reverted at once after any failure of the experiment, also when that cannot be noted', () => {
    const guarded = stateOf(machineOf(id), 'Experiment').Branches![0]!;
    expect(endsFrom(guarded, 'Note: Guard')).toEqual(['Experiment failed']);
    expect(endsFrom(guarded, 'Note: Guard', ['Revert after failure'])).toEqual([]);
    expect(endsFrom(guarded, 'Revert after failure', ['Stop load after failure'])).toEqual([]);
  });

  test('is held only when it was proven', () => {
    expect(reachable(experiment, 'Inject', ['Prove landed'])).not.toContain('Watch fault');
    const { Choices = [] } = stateOf(experiment, 'Prove landed: what next?');
    expect(Choices.map((c) => c.Next)).toEqual(['Prove landed', 'Revert']);
  });
});

test('the control has the same phases and no fault to inject', () => {
  const names = Object.keys(experimentOf(machineOf('control')).States);
  expect(names.filter((n) => /Inject|Prove|Revert|Rehearse/.test(n))).toEqual([]);
  for (const phase of ['load', 'baseline', 'fault', 'recovery', 'after']) expect(names).toContain(`Watch ${phase}`);
});

describe('the game-day', () => {
  const machine = machineNamed(core, 'faultline-game-day');

  test('ends in its report, whatever became of its runs', () => {
    expect(endsFrom(machine, machine.StartAt)).toEqual(['Report']);
    const runs = stateOf(machine, 'Runs') as unknown as { ItemProcessor: Machine; MaxConcurrency: number };
    expect(runs.MaxConcurrency).toBe(1);
    for (const id of ids) {
      const { Catch } = stateOf(runs.ItemProcessor, `Run ${id}`);
      expect(Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'Run ended' }]);
    }
    const ends = Object.entries(runs.ItemProcessor.States).filter(([, s]) => isEnd(s));
    expect(ends.map(([name]) => name).sort()).toEqual(['Run ended', 'Run not started']);
  });

  test('asks before each run whether it was stopped', () => {
    const { ItemProcessor } = stateOf(machine, 'Runs') as unknown as { ItemProcessor: Machine };
    for (const id of ids) {
      expect(reachable(ItemProcessor, ItemProcessor.StartAt, ['Stopped?'])).not.toContain(`Run ${id}`);
    }
  });
});
