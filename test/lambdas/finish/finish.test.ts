import { recordError } from '../../../lambdas/finish/record-error.ts';
import { release } from '../../../lambdas/finish/release.ts';
import type { Run } from '../../../lambdas/runs/run.ts';
import { fakeClock } from '../support/clock.ts';
import { contextOf } from '../support/context.ts';
import { aRun, newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

async function aRunThat(changes: Partial<Run> = {}) {
  const run = aRun({ targetId: newRunId(), ...changes });
  await store.runs.create(run);
  return { run, context: () => contextOf(store, run, { clock: fakeClock(start + 60) }) };
}

describe('an error in a state of the machine', () => {
  const problem = { state: 'Guard', error: 'FaultRefused', cause: '{"errorMessage":"not healthy"}' };

  test('is kept with the run, and ends its experiment for the observers', async () => {
    const { run, context } = await aRunThat({ phase: 'inject' });
    await recordError(await context(), problem);
    const events = await store.runs.events(run.runId);
    expect(events).toMatchObject([
      { type: 'error', detail: problem },
      { type: 'phase', detail: { phase: 'verify' } },
    ]);
    expect((await store.runs.get(run.runId)).phase).toBe('verify');
  });

  test('is cut to a size that the table and the report can take', async () => {
    const { run, context } = await aRunThat();
    await recordError(await context(), { state: 'Guard', error: 'E'.repeat(999), cause: 'c'.repeat(99_999) });
    const [event] = await store.runs.events(run.runId);
    expect(JSON.stringify(event).length).toBeLessThan(2500);
  });

  test.each(['analyse', 'done'] as const)('leaves a run in %s where it is', async (phase) => {
    const { run, context } = await aRunThat({ phase });
    await recordError(await context(), problem);
    expect((await store.runs.get(run.runId)).phase).toBe(phase);
  });
});

describe('the release', () => {
  test('frees the target and leaves the verdict as it is', async () => {
    const { run, context } = await aRunThat();
    await store.safety.takeLease(run.targetId, run.runId, start, 600);
    await store.runs.finish(run.runId, 'PASS', null, start + 50);
    await release(await context());
    expect(await store.runs.get(run.runId)).toMatchObject({ verdict: 'PASS', endedAt: start + 50 });
    await expect(store.safety.takeLease(run.targetId, 'run-2', start, 600)).resolves.toBeUndefined();
  });

  test('a run that nobody could analyse ends as an ERROR, and frees its target all the same', async () => {
    const { run, context } = await aRunThat({ phase: 'analyse' });
    await store.safety.takeLease(run.targetId, run.runId, start, 600);
    await release(await context());
    expect(await store.runs.get(run.runId)).toMatchObject({ phase: 'done', verdict: 'ERROR', endedAt: start + 60 });
    await expect(store.safety.takeLease(run.targetId, 'run-2', start, 600)).resolves.toBeUndefined();
  });

  test("leaves another run's lease alone", async () => {
    const { run, context } = await aRunThat({ verdict: 'PASS' });
    await store.safety.takeLease(run.targetId, 'run-2', start, 600);
    await release(await context());
    await expect(store.safety.takeLease(run.targetId, 'run-3', start, 600)).rejects.toThrow('by run run-2');
  });
});
