import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../../lambdas/aws/clock.ts';
import { whileLeased } from '../../../lambdas/safety/heartbeat.ts';
import { contextOf } from '../support/context.ts';
import { aRun, newRunId } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

/** A hundred times faster than the real one. */
const quick: Clock = {
  now: () => Date.now() / 10,
  sleep: (seconds, signal) => pause(seconds * 10, undefined, { signal }).catch(() => undefined),
};

async function aLeasedRun() {
  const run = aRun({ targetId: newRunId() });
  await store.runs.create(run);
  const leases = store.leases(quick);
  await leases.take([run.targetId], run.runId, async () => true);
  return { run, leases, context: await contextOf(store, run, { clock: quick }) };
}

const expiryOf = async (store: Store, runId: string) =>
  (await store.leases().all()).find((lease) => lease.runId === runId)?.expiresAt ?? 0;

test('a step that is at work keeps its lease alive, again and again, and no longer than it works', async () => {
  const { run, context } = await aLeasedRun();
  const seen: number[] = [];
  const result = await whileLeased(context, async () => {
    for (let look = 0; look < 4; look++) {
      await pause(150);
      seen.push(await expiryOf(store, run.runId));
    }
    return 'its answer';
  });
  expect(result).toBe('its answer');
  expect(new Set(seen).size).toBe(4);
  expect(seen).toEqual([...seen].sort());
  const last = await expiryOf(store, run.runId);
  await pause(150);
  expect(await expiryOf(store, run.runId)).toBe(last);
});

test('a failing step fails with its own error', async () => {
  const { context } = await aLeasedRun();
  await expect(whileLeased(context, () => Promise.reject(new Error('its own')))).rejects.toThrow('its own');
});

test('a run that finds its lease gone is asked to stop', async () => {
  const { run, leases, context } = await aLeasedRun();
  await leases.release(run.runId);
  await whileLeased(context, () => pause(100));
  expect((await store.runs.get(run.runId)).stopRequested).toMatchObject({
    reason: `run ${run.runId} does not hold its lease any more`,
  });
});

test('a run that is over is not, when its lease goes with its last step', async () => {
  const { run, leases, context } = await aLeasedRun();
  await whileLeased(context, async () => {
    await store.runs.finish(run.runId, 'PASS', null, 1);
    await leases.release(run.runId);
    await pause(150);
  });
  expect((await store.runs.get(run.runId)).stopRequested).toBeNull();
});
