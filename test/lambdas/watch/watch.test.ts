import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { WindowSummary } from '../../../lambdas/evidence/window.ts';
import { type PhaseName, type Run, waitLimits } from '../../../lambdas/runs/run.ts';
import { watch } from '../../../lambdas/watch/watch.ts';
import { fakeClock } from '../support/clock.ts';
import { contextOf } from '../support/context.ts';
import { aRun, aSample, aWindow, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

const seconds = { baseline: 15, fault: 20, recoveryLimit: 60, after: 10 };

async function aWatchedRun(changes: Partial<Run> = {}) {
  const run = aRun({ seconds, ...changes });
  await store.runs.create(run);
  const clock = fakeClock(start);
  return { run, clock, context: () => contextOf(store, run, { clock }) };
}

async function addWindow(runId: string, window: WindowSummary): Promise<void> {
  await store.dynamo.send(
    new PutCommand({
      TableName: store.table,
      Item: { pk: `run#${runId}`, sk: `window#${window.t}`, data: window, expiresAt: window.t + 60 },
    }),
  );
}

/** One window and one sample for each second of [from, to). */
async function measure(
  runId: string,
  from: number,
  to: number,
  window: Partial<WindowSummary> = {},
  health: { status: number; ms: number } | { error: string } = { status: 200, ms: 3 },
): Promise<void> {
  for (let t = from; t < to; t++) {
    await addWindow(runId, aWindow(t, window));
    await store.runs.addSample(runId, aSample(t, { health }));
  }
}

const eventsOf = async (runId: string, type: string) =>
  (await store.runs.events(runId)).filter((e) => e.type === type).map((e) => e.detail);

async function pulled(by: string | null): Promise<void> {
  const data = { pulled: by !== null, by: by ?? 'ann', reason: 'sale today', at: start };
  await store.dynamo.send(new PutCommand({ TableName: store.table, Item: { pk: 'lever', sk: 'lever', data } }));
}

describe.each([
  ['fault', 20],
  ['after', 10],
] as const)('the phase %s', (phase, length) => {
  test('ends after its own time', async () => {
    const { run, clock, context } = await aWatchedRun();
    expect(await watch(await context(), phase)).toEqual({ status: 'done' });
    expect(clock.now()).toBe(start + length);
    expect(await store.runs.get(run.runId)).toMatchObject({ phase, phaseEndsAt: start + length });
  });
});

test('the clock is read once a second, at the turn of the second', async () => {
  const { clock, context } = await aWatchedRun();
  clock.set(start + 0.25);
  await watch(await context(), 'after');
  expect(clock.sleeps[0]).toBeCloseTo(0.75);
  expect(clock.sleeps.slice(1).every((s) => s === 1)).toBe(true);
});

test('a long phase is watched in slices that each fit into a Lambda, and ends when it should', async () => {
  const { clock, context } = await aWatchedRun({ seconds: { ...seconds, fault: 120 } });
  const ends: [string, number][] = [];
  while (ends.at(-1)?.[0] !== 'done') {
    const began = clock.now();
    ends.push([(await watch(await context(), 'fault')).status, clock.now()]);
    expect(clock.now() - began).toBeLessThanOrEqual(60);
  }
  expect(ends).toEqual([
    ['continue', start + 50],
    ['continue', start + 100],
    ['done', start + 120],
  ]);
});

describe.each<PhaseName & ('load' | 'baseline' | 'fault' | 'recovery' | 'after')>([
  'load',
  'baseline',
  'fault',
  'recovery',
  'after',
])('in %s', (phase) => {
  test('a request to stop ends the watch at once, with its reason', async () => {
    const { run, clock, context } = await aWatchedRun();
    await store.runs.requestStop(run.runId, { reason: 'enough', by: 'ann', at: start });
    expect(await watch(await context(), phase)).toEqual({ status: 'stop', reason: 'enough' });
    expect(clock.now()).toBe(start);
  });
});

test('a request to stop that comes meanwhile is seen within a second', async () => {
  const run = aRun({ seconds });
  await store.runs.create(run);
  const clock = fakeClock(start, async (now) => {
    if (now === start + 7) await store.runs.requestStop(run.runId, { reason: 'enough', by: 'ann', at: now });
  });
  expect(await watch(await contextOf(store, run, { clock }), 'fault')).toEqual({ status: 'stop', reason: 'enough' });
  expect(clock.now()).toBe(start + 7);
});

test('a pulled lever stops the run, which keeps the reason as its own request to stop', async () => {
  const { run, context } = await aWatchedRun();
  await pulled('bob');
  try {
    const reason = 'the safety lever was pulled: sale today';
    expect(await watch(await context(), 'fault')).toEqual({ status: 'stop', reason });
    expect((await store.runs.get(run.runId)).stopRequested).toEqual({ reason, by: 'bob', at: start });
    expect(await eventsOf(run.runId, 'stop')).toEqual([{ reason, by: 'bob' }]);
  } finally {
    await pulled(null);
  }
  const { context: other } = await aWatchedRun();
  expect(await watch(await other(), 'after')).toEqual({ status: 'done' });
});

describe('load', () => {
  test.each([
    ['not all users', { users: 99 }],
    ['not all workers', { workers: 1 }],
  ])('goes on while %s are there', async (_what, missing) => {
    const { run, context } = await aWatchedRun();
    await addWindow(run.runId, aWindow(start, missing));
    expect(await watch(await context(), 'load')).toEqual({ status: 'continue' });
  });

  test('ends when every user and every worker is there, in the latest window', async () => {
    const { run, clock, context } = await aWatchedRun();
    await addWindow(run.runId, aWindow(start, { users: 30 }));
    await addWindow(run.runId, aWindow(start + 1));
    expect(await watch(await context(), 'load')).toEqual({ status: 'done' });
    expect(clock.now()).toBe(start);
  });

  test('does not take windows of long ago for the present', async () => {
    const { run, clock, context } = await aWatchedRun();
    await addWindow(run.runId, aWindow(start));
    clock.set(start + 20);
    expect(await watch(await context(), 'load')).toEqual({ status: 'continue' });
  });

  test('is given up when its tasks had time to start and its users to spawn', async () => {
    const { run, clock, context } = await aWatchedRun();
    await store.runs.enterPhase(run.runId, 'load', start, waitLimits.startLoad);
    clock.set(start + waitLimits.startLoad + waitLimits.spawn - 2);
    expect(await watch(await context(), 'load')).toEqual({
      status: 'stop',
      reason: 'not all users and workers were ready within 480 s',
    });
    expect(clock.now()).toBe(start + 480);
  });
});

describe('baseline', () => {
  test('ends with the band of the steady state', async () => {
    const { run, context } = await aWatchedRun();
    await measure(run.runId, start, start + 15);
    expect(await watch(await context(), 'baseline')).toEqual({ status: 'done' });
    expect(await eventsOf(run.runId, 'steady-state')).toEqual([
      { reached: true, band: expect.objectContaining({ from: start, to: start + 15, requests: 1500 }) },
    ]);
  });

  test.each<[string, Partial<WindowSummary>, { status: number; ms: number } | { error: string }, RegExp]>([
    ['errors', { failures: 5 }, { status: 200, ms: 3 }, /error rate is 5\.0 %/],
    ['little traffic', { requests: 1 }, { status: 200, ms: 3 }, /too little traffic/],
    ['a sick health check', {}, { status: 503, ms: 3 }, /health was not 200 in 15 of 15 probes .*\(503\)/],
    ['a silent health check', {}, { error: 'ECONNREFUSED' }, /no answer/],
  ])('with %s leads to no fault', async (_what, window, health, reason) => {
    const { run, context } = await aWatchedRun();
    await measure(run.runId, start, start + 15, window, health);
    const end = await watch(await context(), 'baseline');
    expect(end).toEqual({ status: 'stop', reason: expect.stringMatching(reason) });
    expect(end.reason).toMatch(/^not in steady state: /);
    expect(await eventsOf(run.runId, 'steady-state')).toEqual([
      { reached: false, detail: expect.stringMatching(reason) },
    ]);
  });

  test('that nobody observed leads to no fault either', async () => {
    const { run, context } = await aWatchedRun();
    for (let t = start; t < start + 15; t++) await addWindow(run.runId, aWindow(t));
    expect(await watch(await context(), 'baseline')).toMatchObject({
      status: 'stop',
      reason: 'not in steady state: the observer saw nothing in the baseline',
    });
  });

  test('is not judged by what was measured before it', async () => {
    const { run, clock, context } = await aWatchedRun();
    await measure(run.runId, start - 10, start, { failures: 80 }, { status: 503, ms: 1 });
    await measure(run.runId, start, start + 15);
    clock.set(start);
    expect(await watch(await context(), 'baseline')).toEqual({ status: 'done' });
  });
});

describe('recovery', () => {
  const faultAt = start + 15;
  const revertAt = start + 35;

  async function aRunInRecovery() {
    const watched = await aWatchedRun();
    const { run, clock } = watched;
    await store.runs.enterPhase(run.runId, 'baseline', start, 15);
    await measure(run.runId, start, faultAt);
    await store.runs.enterPhase(run.runId, 'inject', faultAt, null);
    await measure(run.runId, faultAt, revertAt, { failures: 60, p95Ms: 900 });
    await store.runs.enterPhase(run.runId, 'revert', revertAt, null);
    clock.set(revertAt);
    return watched;
  }

  test('ends as soon as the target is back in its own baseline', async () => {
    const { run, clock, context } = await aRunInRecovery();
    await measure(run.runId, revertAt, revertAt + 5, { failures: 60, p95Ms: 900 });
    await measure(run.runId, revertAt + 5, revertAt + 20);
    expect(await watch(await context(), 'recovery')).toEqual({ status: 'done' });
    expect(clock.now()).toBe(revertAt);
    const [recovered] = await eventsOf(run.runId, 'recovered');
    expect(recovered).toEqual({ at: revertAt + 5 });
  });

  test('is not over after a moment of calm', async () => {
    const { run, context } = await aRunInRecovery();
    await measure(run.runId, revertAt, revertAt + 5);
    await measure(run.runId, revertAt + 5, revertAt + 20, { failures: 60 });
    expect(await watch(await context(), 'recovery')).toEqual({ status: 'continue' });
    expect(await eventsOf(run.runId, 'recovered')).toEqual([]);
  });

  test('ends at its limit, without a recovery', async () => {
    const { run, clock, context } = await aRunInRecovery();
    await measure(run.runId, revertAt, revertAt + 10, { failures: 60 });
    expect(await watch(await context(), 'recovery')).toEqual({ status: 'continue' });
    expect(await watch(await context(), 'recovery')).toEqual({ status: 'done' });
    expect(clock.now()).toBe(revertAt + seconds.recoveryLimit);
    expect(await eventsOf(run.runId, 'recovered')).toEqual([]);
  });
});
