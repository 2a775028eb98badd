import { jest } from '@jest/globals';
import { sha256 } from '../../../lambdas/bundle/manifest.ts';
import { resultKey } from '../../../lambdas/finish/analyse-run.ts';
import { publishOnce } from '../../../lambdas/finish/publish.ts';
import { recordError } from '../../../lambdas/finish/record-error.ts';
import { release } from '../../../lambdas/finish/release.ts';
import { scenarioResultSchema } from '../../../lambdas/report/report.schema.ts';
import type { Run } from '../../../lambdas/runs/run.ts';
import { fakeClock } from '../support/clock.ts';
import { contextOf } from '../support/context.ts';
import { anUndoRecord, aRun, newRunId, start } from '../support/run.ts';
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

describe('publishing', () => {
  const schema = scenarioResultSchema as unknown as { parse: (value: unknown) => unknown };

  test('happens once, however often the step is repeated after it has succeeded', async () => {
    const { run, context } = await aRunThat();
    await store.evidence.put(resultKey(run.runId), '{}');
    await expect(publishOnce(await context(), async () => {})).rejects.toThrow('no manifest of its evidence');
    await store.evidence.put(`runs/${run.runId}/manifest.json`, 'manifest');
    jest.spyOn(schema, 'parse').mockReturnValue({ id: 'control' });
    const told: unknown[] = [];
    const failing = () => Promise.reject(new Error('SNS is away'));
    await expect(publishOnce(await context(), failing)).rejects.toThrow('SNS is away');
    for (let i = 0; i < 3; i++) await publishOnce(await context(), async (...all) => void told.push(all));
    expect(told).toEqual([[{ id: 'control' }, sha256('manifest')]]);
    jest.restoreAllMocks();
  });

  test('is not possible without a result', async () => {
    const { context } = await aRunThat();
    await expect(publishOnce(await context(), async () => {})).rejects.toThrow('has no result to publish');
  });
});

describe('the release', () => {
  const clock = fakeClock(start);
  const anyone = async () => true;
  const leases = () => store.leases(clock);

  test('frees the target and leaves the verdict as it is', async () => {
    const { run, context } = await aRunThat();
    await leases().take([run.targetId], run.runId, anyone);
    await store.runs.finish(run.runId, 'PASS', null, start + 50);
    expect(await release(await context())).toEqual({ freed: true });
    expect(await store.runs.get(run.runId)).toMatchObject({ verdict: 'PASS', endedAt: start + 50 });
    await expect(leases().take([run.targetId], 'run-2', anyone)).resolves.toBeUndefined();
  });

  test('a run that nobody could analyse ends as an ERROR, and frees its target all the same', async () => {
    const { run, context } = await aRunThat({ phase: 'analyse' });
    await leases().take([run.targetId], run.runId, anyone);
    await release(await context());
    expect(await store.runs.get(run.runId)).toMatchObject({ phase: 'done', verdict: 'ERROR', endedAt: start + 60 });
    expect(await leases().isHeldBy(run.runId)).toBe(false);
  });

  test('a target whose fault is not proven gone stays taken, for the reaper to restore', async () => {
    const { run, context } = await aRunThat({ verdict: 'ERROR' });
    await leases().take([run.targetId], run.runId, anyone);
    await store.undoRecords.write({ ...anUndoRecord(run.runId), status: 'reverted' });
    expect(await release(await context())).toEqual({ freed: false });
    const [lease] = (await leases().all()).filter(({ runId }) => runId === run.runId);
    expect(lease?.expiresAt).toBeLessThan(start);
    await expect(
      leases().take([run.targetId], 'run-2', (holder) => store.undoRecords.isRestored(holder)),
    ).rejects.toThrow(`was left by run ${run.runId}, which broke off`);
  });

  test("leaves another run's lease alone", async () => {
    const { run, context } = await aRunThat({ verdict: 'PASS' });
    await leases().take([run.targetId], 'run-2', anyone);
    await release(await context());
    await expect(leases().take([run.targetId], 'run-3', anyone)).rejects.toThrow('by run run-2');
  });
});
