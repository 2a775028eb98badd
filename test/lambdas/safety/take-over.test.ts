import { takeOver, takeOverInput } from '../../../lambdas/safety/take-over.ts';
import { fakeClock } from '../support/clock.ts';
import { servicesOn } from '../support/context.ts';
import { anUndoRecord, aRun, newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

const clock = fakeClock(start + 40);
const anyone = async () => true;

const take = (runId: string, status: string, cause?: string) =>
  takeOver(takeOverInput.parse({ runId, status, ...(cause && { cause }) }), servicesOn(store, { clock }));

async function aHeldRun(changes = {}) {
  const run = aRun({ targetId: newRunId(), phase: 'fault', ...changes });
  await store.runs.create(run);
  await store.leases(clock).take([run.targetId], run.runId, anyone);
  return run;
}

test('an execution that was stopped leaves a run that was stopped', async () => {
  const { runId } = await aHeldRun();
  expect(await take(runId, 'ABORTED')).toEqual({ runId, status: 'clean-up' });
  expect((await store.runs.get(runId)).stopRequested).toEqual({
    by: 'Step Functions',
    reason: 'its execution was stopped from outside',
    at: start + 40,
  });
});

test('so does one that nobody conducts any more, with what the reaper says', async () => {
  const { runId } = await aHeldRun();
  await take(runId, 'ORPHANED', 'its lease expired');
  expect((await store.runs.get(runId)).stopRequested).toMatchObject({ by: 'the reaper', reason: 'its lease expired' });
});

test.each(['FAILED', 'TIMED_OUT'])('one that %s by itself leaves an error', async (status) => {
  const { runId } = await aHeldRun();
  expect(await take(runId, status)).toEqual({ runId, status: 'clean-up' });
  expect((await store.runs.get(runId)).stopRequested).toBeNull();
  expect(await store.runs.events(runId)).toMatchObject([
    { type: 'error', detail: { state: 'execution', error: status } },
  ]);
});

test("a person's request to stop stays the reason", async () => {
  const { runId } = await aHeldRun();
  await store.runs.requestStop(runId, { reason: 'enough', by: 'ann', at: start });
  await take(runId, 'ABORTED');
  expect((await store.runs.get(runId)).stopRequested).toMatchObject({ by: 'ann' });
});

describe('there is nothing to clean up', () => {
  test('where the run was refused before it began', async () => {
    const runId = newRunId();
    expect(await take(runId, 'FAILED')).toEqual({ runId, status: 'nothing' });
  });

  test('but a target that was taken for it is free again', async () => {
    const runId = newRunId();
    await store.leases(clock).take([`target/${runId}`], runId, anyone);
    await take(runId, 'FAILED');
    expect(await store.leases(clock).isHeldBy(runId)).toBe(false);
  });

  test('and a target whose fault is not proven gone stays taken, also without a record of its run', async () => {
    const runId = newRunId();
    await store.leases(clock).take([`target/${runId}`], runId, anyone);
    await store.undoRecords.write(anUndoRecord(runId));
    await take(runId, 'ORPHANED');
    expect(await store.leases(clock).isHeldBy(runId)).toBe(true);
  });

  test('where the run has ended in good order', async () => {
    const run = aRun({ phase: 'done', verdict: 'PASS' });
    await store.runs.create(run);
    expect(await take(run.runId, 'FAILED')).toMatchObject({ status: 'nothing' });
    expect(await store.runs.events(run.runId)).toEqual([]);
  });
});

test.each([
  ['its target is still taken', (runId: string) => store.leases(clock).take([newRunId()], runId, anyone)],
  ['its fault is not proven gone', (runId: string) => store.undoRecords.write(anUndoRecord(runId))],
])('a run with a verdict is cleaned up where %s, and keeps its verdict', async (_what, leave) => {
  const run = aRun({ phase: 'done', verdict: 'PASS' });
  await store.runs.create(run);
  await leave(run.runId);
  expect(await take(run.runId, 'TIMED_OUT')).toMatchObject({ status: 'clean-up' });
  expect(await store.runs.events(run.runId)).toEqual([]);
  expect(await store.runs.get(run.runId)).toMatchObject({ verdict: 'PASS', stopRequested: null });
});
