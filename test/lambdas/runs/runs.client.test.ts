import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { longestSeconds, type Run } from '../../../lambdas/runs/run.ts';
import { RunExists, RunNotFound } from '../../../lambdas/runs/runs.client.ts';
import { aRun, aSample, aWindow, newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

async function created(changes: Partial<Run> = {}): Promise<Run> {
  const run = aRun(changes);
  await store.runs.create(run);
  return run;
}

const phasesOf = async (runId: string) =>
  (await store.runs.events(runId)).filter((e) => e.type === 'phase').map((e) => e.detail.phase);

describe('a run', () => {
  test('is read back as it was created', async () => {
    const run = await created();
    expect(await store.runs.get(run.runId)).toEqual(run);
  });

  test('is created once: the second time is refused and changes nothing', async () => {
    const run = await created();
    await expect(store.runs.create({ ...run, scenario: 'control' })).rejects.toThrow(RunExists);
    expect((await store.runs.get(run.runId)).scenario).toBe('cache-failure');
  });

  test('that does not exist is named', async () => {
    await expect(store.runs.get('nobody')).rejects.toThrow(new RunNotFound('nobody'));
    await expect(store.runs.get('nobody')).rejects.toThrow("no run 'nobody'");
  });

  test('cannot be brought about by entering a phase, by a stop or by an end', async () => {
    const runId = newRunId();
    await expect(store.runs.enterPhase(runId, 'load', start, 60)).rejects.toThrow(RunNotFound);
    expect(await store.runs.finish(runId, 'PASS', null, start)).toBe(false);
    await store.runs.requestStop(runId, { reason: 'r', by: 'b', at: start });
    await expect(store.runs.get(runId)).rejects.toThrow(RunNotFound);
  });

  test('ends with its verdict, its reason and its time', async () => {
    const { runId } = await created();
    await store.runs.finish(runId, 'FAIL', 'too slow', start + 90);
    expect(await store.runs.get(runId)).toMatchObject({
      phase: 'done',
      verdict: 'FAIL',
      verdictReason: 'too slow',
      endedAt: start + 90,
    });
  });
});

describe('a phase', () => {
  test('keeps its start and end, however many slices enter it, and is one event', async () => {
    const { runId } = await created();
    const first = await store.runs.enterPhase(runId, 'baseline', start + 10, 15);
    const second = await store.runs.enterPhase(runId, 'baseline', start + 20, 15);
    expect(first).toEqual({ startedAt: start + 10, endsAt: start + 25, entered: true });
    expect(second).toEqual({ startedAt: start + 10, endsAt: start + 25, entered: false });
    expect(await phasesOf(runId)).toEqual(['baseline']);
  });

  test('is entered by one of many at the same moment', async () => {
    const { runId } = await created();
    const entered = await Promise.all(
      Array.from({ length: 8 }, (_, i) => store.runs.enterPhase(runId, 'fault', start + i / 10, 20)),
    );
    expect(entered.filter((e) => e.entered)).toHaveLength(1);
    expect(new Set(entered.map((e) => e.startedAt)).size).toBe(1);
    expect(await phasesOf(runId)).toEqual(['fault']);
  });

  test('follows another one, in the order of time', async () => {
    const { runId } = await created();
    await store.runs.enterPhase(runId, 'load', start + 1, 60);
    await store.runs.enterPhase(runId, 'baseline', start + 9.5, 15);
    expect(await store.runs.get(runId)).toMatchObject({ phase: 'baseline', phaseStartedAt: start + 9.5 });
    expect(await phasesOf(runId)).toEqual(['load', 'baseline']);
  });

  test('is not entered by a straggler once the run is done', async () => {
    const { runId } = await created();
    await store.runs.finish(runId, 'PASS', null, start + 90);
    expect(await store.runs.enterPhase(runId, 'fault', start + 91, 20)).toMatchObject({ entered: false });
    expect((await store.runs.get(runId)).phase).toBe('done');
    expect(await phasesOf(runId)).toEqual([]);
  });
});

test('of several requests to stop the first one wins, alone among the events', async () => {
  const { runId } = await created();
  expect(await store.runs.requestStop(runId, { reason: 'first', by: 'ann', at: start })).toBe(true);
  expect(await store.runs.requestStop(runId, { reason: 'second', by: 'bob', at: start + 1 })).toBe(false);
  expect((await store.runs.get(runId)).stopRequested).toEqual({ reason: 'first', by: 'ann', at: start });
  expect((await store.runs.events(runId)).map((e) => e.detail)).toEqual([{ reason: 'first', by: 'ann' }]);
});

test('of several verdicts the first one wins, and the run is open until then', async () => {
  const { runId } = await created();
  expect(await store.runs.open()).toContain(runId);
  expect(await store.runs.finish(runId, 'PASS', 'fine', start + 1)).toBe(true);
  expect(await store.runs.finish(runId, 'ERROR', 'late', start + 2)).toBe(false);
  expect(await store.runs.get(runId)).toMatchObject({ verdict: 'PASS', verdictReason: 'fine', endedAt: start + 1 });
  expect(await store.runs.open()).not.toContain(runId);
});

test('a straggler does not take a run out of its clean-up', async () => {
  const { runId } = await created();
  await store.runs.enterPhase(runId, 'verify', start + 1, null);
  for (const phase of ['load', 'baseline', 'inject', 'fault', 'revert', 'recovery', 'after'] as const) {
    expect(await store.runs.enterPhase(runId, phase, start + 2, 5)).toMatchObject({ entered: false });
  }
});

describe('what is kept with a run', () => {
  test('a second is observed once: the first sample wins', async () => {
    const { runId } = await created();
    await store.runs.addSample(runId, aSample(start, { health: { status: 200, ms: 1 } }));
    await store.runs.addSample(runId, aSample(start, { health: { status: 503, ms: 1 } }));
    expect(await store.runs.samples(runId)).toEqual([aSample(start, { health: { status: 200, ms: 1 } })]);
  });

  test('samples are read from a time on, and no other run is among them', async () => {
    const [a, b] = [await created(), await created()];
    for (const t of [start, start + 1, start + 2]) await store.runs.addSample(a.runId, aSample(t));
    await store.runs.addSample(b.runId, aSample(start + 2));
    expect((await store.runs.samples(a.runId, start + 1)).map((s) => s.t)).toEqual([start + 1, start + 2]);
  });

  test('events come in the order of their times, those of the same moment in the order in which they were added', async () => {
    const { runId } = await created();
    const added = [start + 2, start + 0.25, start + 0.25, start + 0.25, start + 10].map((at, n) => ({ at, n }));
    for (const { at, n } of added) await store.runs.addEvent(runId, { at, type: 'recovered', detail: { n } });
    expect((await store.runs.events(runId)).map((e) => e.detail.n)).toEqual([1, 2, 3, 0, 4]);
  });

  test('live windows are read as the load generator writes them', async () => {
    const { runId } = await created();
    const window = aWindow(start + 3);
    await store.dynamo.send(
      new PutCommand({
        TableName: store.table,
        Item: { pk: `run#${runId}`, sk: `window#${window.t}`, data: window, expiresAt: window.t + 60 },
      }),
    );
    expect(await store.runs.windows(runId, start)).toEqual([window]);
    expect(await store.runs.windows(runId, start + 4)).toEqual([]);
  });

  test('more than one page of a query is read to its end', async () => {
    const { runId } = await created();
    const proof = 'x'.repeat(90_000);
    for (let i = 0; i < 14; i++) {
      await store.runs.addEvent(runId, { at: start + i, type: 'fault-landed', detail: { proof } });
    }
    const found = await store.runs.events(runId);
    expect(found.map((e) => e.at)).toEqual(Array.from({ length: 14 }, (_, i) => start + i));
  });
});

test('a run may take as long as all its waits together, so that its load outlives it', () => {
  const seconds = { baseline: 60, fault: 120, recoveryLimit: 300, after: 30 };
  // Start of the tasks, spawning, three proofs, the end of the load, and the last Lambdas.
  expect(longestSeconds(seconds)).toBeGreaterThanOrEqual(510 + 300 + 180 + 3 * 300 + 180 + 300 + 300 + 90);
});
