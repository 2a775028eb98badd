import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import { watchedPhases } from '../../../lambdas/watch/watch.ts';
import { cases } from './cases.ts';
import { type Definition, NoSuchState, type State, stateAt, stateNamed, statesOf } from './definition.ts';
import { failing, injectedError, taskTimeoutSeconds } from './failing.ts';
import { machines } from './machines.fixture.ts';
import { shortened } from './shortened.ts';
import { walk } from './walk.ts';
import { NoWay } from './way.ts';

const { names, definitionOf } = machines();
const standIns = {
  throws: 'arn:aws:lambda:us-east-1:0:function:throws',
  hangs: 'hangs',
  nobody: 'arn:aws:states:us-east-1:0:activity:nobody',
};

/** How many states a definition has, counted without knowing where states are. */
const typesIn = (definition: Definition) => JSON.stringify(definition).match(/"Type":/g)!.length;

test('the machines are those of the scenarios and of the game-day, at the least', () => {
  const expected = [...availableScenarios.map(({ id }) => `faultline-${id}`), 'faultline-game-day'];
  expect(names).toEqual(expect.arrayContaining(expected));
});

describe.each(names)('%s', (name) => {
  const definition = definitionOf(name);
  const all = cases(definition);

  test('has two cases for each of its states, each with an id of its own', () => {
    expect(all.length).toBe(2 * typesIn(definition));
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { path } of statesOf(definition)) {
      expect(all.filter((c) => c.path === path).map((c) => c.kind)).toEqual(['error', 'time-out']);
    }
  });

  test('is left as it is by the making of a case', () => {
    for (const { mutated } of all) mutated(standIns);
    expect(definition).toEqual(definitionOf(name));
  });

  test('comes to the state that fails, by way of those that have to fail before, and ends unless it only waits', () => {
    for (const { id, path, before, start, needsAbort, mutated } of all) {
      const { entered, end } = walk(mutated(standIns), start, standIns);
      expect([id, entered]).toEqual([id, expect.arrayContaining([...before, path])]);
      expect([id, end === 'waiting']).toEqual([id, needsAbort]);
    }
  });

  test('does what the machine does when nothing fails, only shorter', () => {
    const short = shortened(definition);
    const plain = walk(definition, {}, standIns);
    expect(walk(short, {}, standIns)).toEqual(plain);
    expect(plain.end).toBe('succeeded');
    expect(statesOf(short).map((s) => s.path)).toEqual(statesOf(definition).map((s) => s.path));
  });
});

describe.each(availableScenarios.map(({ id }) => `faultline-${id}`))('%s', (name) => {
  const definition = definitionOf(name);
  const caseOf = (id: string) => cases(definition).find((c) => c.id === id)!;

  test('shortened waits a second for each phase and answers that it is done', () => {
    const short = shortened(definition);
    for (const phase of watchedPhases) {
      const before = stateNamed(definition, `Watch ${phase}`).state;
      expect(stateNamed(short, `Watch ${phase}`).state).toEqual({
        Type: 'Wait',
        QueryLanguage: 'JSONata',
        Seconds: 1,
        Output: { runId: '{% $states.input.runId %}', status: 'done' },
        Next: before.Next,
      });
      expect(Object.keys(before.Output as object).sort()).toEqual(['runId', 'status']);
    }
    const others = (d: Definition) =>
      statesOf(d).filter((s) => s.state.Type !== 'Parallel' && !s.name.match(/^Watch \w+$/));
    expect(others(short).map((s) => s.state)).toEqual(others(definition).map((s) => s.state));
  });

  test('ends released after the failure of any Lambda from the experiment on but the release itself', () => {
    for (const { id, path, before, start, mutated } of cases(definition)) {
      const { state } = stateAt(definition, path);
      if (state.Type !== 'Task' || path === 'Prepare' || path === 'Release' || before.length > 0) continue;
      const { entered, end } = walk(mutated(standIns), start, standIns);
      expect([id, end, entered.at(-1)]).toEqual([id, 'succeeded', 'Released']);
    }
  });

  test('comes to a note only after the failure of what it is about', () => {
    const before = (path: string) => [caseOf(`${path}: error`).before, caseOf(`${path}: time-out`).before];
    expect(before('Note: Verify')).toEqual([['Verify'], ['Verify']]);
    expect(before('Note: Ensure gone')).toEqual([['Ensure gone'], ['Ensure gone']]);
    const fault = 'Experiment[0]/Guard[0]/Watch fault';
    expect(before('Experiment[0]/Note: Guard')).toEqual([[fault], [fault]]);
    expect(before('Experiment[0]/Experiment failed')).toEqual([[fault], [fault]]);
    const escaped = [fault, 'Experiment[0]/Experiment failed'];
    expect(before('Note: Experiment')).toEqual([escaped, escaped]);
    const alone = cases(definition).filter((c) => c.before.length === 0);
    expect(alone.filter((c) => c.path.includes('Note: '))).toEqual([]);
  });

  test('a state that is not entered without a failure is in no walk in which nothing fails', () => {
    const { entered } = walk(definition, {}, standIns);
    for (const { path, before } of cases(definition)) if (before.length > 0) expect(entered).not.toContain(path);
  });

  test('has no rehearsal and waits for no logs, but where it is that which fails', () => {
    const waits = /(^|\/)(Rehearse [a-z]+|Keep telemetry)$/;
    for (const { path, before, mutated } of cases(definition)) {
      const whole = statesOf(mutated(standIns)).filter((at) => waits.test(at.path) && at.state.Type === 'Task');
      expect(whole.map((located) => located.path)).toEqual([...before, path].filter((at) => waits.test(at)));
    }
  });

  test('a phase whose watch fails is not shortened, and the others are', () => {
    const mutated = caseOf('Experiment[0]/Guard[0]/Watch fault: error').mutated(standIns);
    const types = watchedPhases.map((phase) => stateNamed(mutated, `Watch ${phase}`).state.Type);
    expect(types).toEqual(['Wait', 'Wait', 'Task', 'Wait', 'Wait']);
  });

  test('where the guard itself fails, nobody would tell the observers, so they end at once', () => {
    const observers = (id: string) =>
      statesOf(caseOf(id).mutated(standIns)).filter((s) => s.name.startsWith('Observe, lane'));
    expect(observers('Experiment[0]/Guard: error').map((s) => s.state)).toEqual(
      [0, 1].map((lane) => ({
        Type: 'Wait',
        QueryLanguage: 'JSONata',
        Seconds: 1,
        Output: expect.objectContaining({ ended: true }),
        Next: `Ended, lane ${lane}?`,
      })),
    );
    expect(observers('Verify: error').map((s) => s.state.Type)).toEqual(['Task', 'Task']);
  });

  test('a dry run is what it takes to touch nothing', () => {
    expect(caseOf('Touched nothing: error')).toMatchObject({ start: { dryRun: true }, before: [] });
    expect(caseOf('Prepare: error').start).toEqual({});
  });
});

describe('a failing task', () => {
  const definition = definitionOf('faultline-control');
  const path = 'Ensure gone';
  const { state } = stateAt(definition, path);

  test('throws, and is otherwise what it was', () => {
    const { Arguments, ...rest } = stateAt(failing(definition, path, 'error', standIns), path).state;
    expect(Arguments).toEqual({ FunctionName: standIns.throws, Payload: state.Arguments!.Payload });
    expect({ ...rest, Arguments: state.Arguments }).toEqual(state);
  });

  test('hangs for longer than it may', () => {
    const failed = stateAt(failing(definition, path, 'time-out', standIns), path).state;
    expect(failed).toEqual({
      ...state,
      TimeoutSeconds: taskTimeoutSeconds,
      Arguments: { FunctionName: standIns.hangs, Payload: state.Arguments!.Payload },
    });
  });

  test.each([
    ['error', [['States.ALL'], ['States.TaskFailed'], [injectedError, 'x']], [['States.Timeout'], ['Lambda.Unknown']]],
    ['time-out', [['States.ALL'], ['x', 'States.Timeout']], [['States.TaskFailed'], [injectedError]]],
  ] as const)('is tried again after an %s as often as before, without growing pauses', (kind, own, others) => {
    const retry = (ErrorEquals: readonly string[]) => ({
      ErrorEquals: [...ErrorEquals],
      IntervalSeconds: 30,
      MaxAttempts: 5,
      BackoffRate: 2,
    });
    const Retry = [...own, ...others].map(retry);
    const retried = { ...definition, States: { ...definition.States, [path]: { ...state, Retry } } };
    expect(stateAt(failing(retried, path, kind, standIns), path).state.Retry).toEqual([
      ...own.map((names) => ({ ...retry(names), IntervalSeconds: 1, BackoffRate: 1 })),
      ...others.map(retry),
    ]);
  });

  test('of another service invokes a Lambda instead, in its own partition', () => {
    const gameDay = definitionOf('faultline-game-day');
    const run = 'Runs[]/Run control';
    expect(stateAt(gameDay, run).state.Resource).toMatch(/startExecution/);
    const failed = stateAt(failing(gameDay, run, 'error', standIns), run).state;
    expect(failed).toMatchObject({
      Resource: expect.stringMatching(/^arn:.*:states:::lambda:invoke$/),
      Arguments: { FunctionName: standIns.throws },
      Catch: stateAt(gameDay, run).state.Catch,
      Next: 'Run ended',
    });
  });
});

describe('another failing state', () => {
  const definition = definitionOf('faultline-control');

  test.each(['Dry run?', 'Experiment', 'Experiment over', 'Released', 'Experiment[1]/First slice, lane 0'])(
    '%s is a failure, or a task that nobody answers',
    (path) => {
      const language = stateAt(definition, path).state.QueryLanguage;
      const inPlace = (kind: 'error' | 'time-out') => stateAt(failing(definition, path, kind, standIns), path).state;
      expect(inPlace('error')).toMatchObject({ Type: 'Fail', Error: injectedError });
      expect(inPlace('time-out')).toMatchObject({ Type: 'Task', Resource: standIns.nobody });
      expect(inPlace('time-out')).not.toHaveProperty('TimeoutSeconds');
      expect([inPlace('error').QueryLanguage, inPlace('time-out').QueryLanguage]).toEqual([language, language]);
    },
  );

  test('takes what only it leads to with it, and nothing else', () => {
    const left = statesOf(failing(definition, 'Experiment', 'error', standIns)).map((s) => s.path);
    expect(left).toEqual(['Prepare', 'Dry run?', 'Experiment', 'Touched nothing']);
  });

  test('has to be there', () => {
    expect(() => failing(definition, 'Guard', 'error', standIns)).toThrow(NoSuchState);
    expect(() => stateNamed(definition, 'Experiment[0]/Guard')).toThrow(
      /no state 'Experiment\[0\]\/Guard'; there are: Prepare/,
    );
  });
});

test('a game-day stops before its run when its choice is made so', () => {
  const gameDay = definitionOf('faultline-game-day');
  const found = cases(gameDay).find((c) => c.id === 'Runs[]/Run not started: error')!;
  expect(walk(gameDay, {}, standIns).entered).not.toContain(found.path);
  const mutated = found.mutated(standIns);
  expect(stateNamed(mutated, 'Stopped?').state).toEqual({
    Type: 'Pass',
    QueryLanguage: 'JSONata',
    Next: 'Run not started',
  });
});

test.each(availableScenarios.map(({ id }) => id))('the case of the run of %s asks for that run', (id) => {
  const found = cases(definitionOf('faultline-game-day')).filter((c) => c.path === `Runs[]/Run ${id}`);
  expect(found.map((c) => c.start)).toEqual([{ scenario: id }, { scenario: id }]);
});

test.each<[string, Record<string, State>]>([
  [
    'a stop',
    {
      'Dry run?': {
        Type: 'Choice',
        Choices: [{ Condition: "{% $states.input.status = 'stop' %}", Next: 'Unheard of' }],
        Default: 'Experiment',
      },
    },
  ],
  ['a choice of which it is not known how to make it', { 'Touched nothing': { Type: 'Pass', Next: 'Unheard of' } }],
])('a state that only %s leads to is told, not left out', (_what, changed) => {
  const definition = definitionOf('faultline-control');
  const States: Record<string, State> = { ...definition.States, ...changed, 'Unheard of': { Type: 'Succeed' } };
  expect(() => cases({ ...definition, States })).toThrow(NoWay);
  expect(() => cases({ ...definition, States })).toThrow(/'Unheard of'; say in way\.ts/);
});
