import { UndoNotFound } from '../../../lambdas/safety/undo-records.client.ts';
import { anUndoRecord, newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

describe('an undo record', () => {
  test('is written once: a retry gets the first one, with the state from before the fault', async () => {
    const runId = newRunId();
    expect(await store.undoRecords.write(anUndoRecord(runId, 3))).toEqual(anUndoRecord(runId, 3));
    expect(await store.undoRecords.write(anUndoRecord(runId, 0))).toEqual(anUndoRecord(runId, 3));
    expect(await store.undoRecords.get(runId)).toEqual(anUndoRecord(runId, 3));
  });

  test('is null where there is none', async () => {
    expect(await store.undoRecords.get(newRunId())).toBeNull();
  });

  test('a tombstone after the capture returns the record and marks it reverted', async () => {
    const runId = newRunId();
    await store.undoRecords.write(anUndoRecord(runId, 3));
    expect((await store.undoRecords.tombstone(runId, start + 1))?.original).toMatchObject({ desiredCount: 3 });
    expect((await store.undoRecords.get(runId))?.status).toBe('reverted');
  });

  test('a tombstone before the capture returns nothing and keeps a later capture from being open', async () => {
    const runId = newRunId();
    expect(await store.undoRecords.tombstone(runId, start)).toBeNull();
    expect((await store.undoRecords.write(anUndoRecord(runId, 3))).status).toBe('done');
    expect(await store.undoRecords.tombstone(runId, start)).toBeNull();
  });

  test('is closed once the fault is gone, and a later tombstone does not open it again', async () => {
    const runId = newRunId();
    await store.undoRecords.write(anUndoRecord(runId, 3));
    await store.undoRecords.tombstone(runId, start);
    await store.undoRecords.close(runId, start + 2);
    expect((await store.undoRecords.get(runId))?.status).toBe('done');
    await store.undoRecords.tombstone(runId, start);
    expect((await store.undoRecords.get(runId))?.status).toBe('done');
    await expect(store.undoRecords.close(runId, start + 2)).resolves.toBeUndefined();
  });

  test('cannot be closed where there is none', async () => {
    const runId = newRunId();
    await expect(store.undoRecords.close(runId, start + 2)).rejects.toThrow(UndoNotFound);
    expect(await store.undoRecords.get(runId)).toBeNull();
  });

  test('is among the unfinished ones until its fault is proven gone', async () => {
    const [open, reverted, closed, empty] = [newRunId(), newRunId(), newRunId(), newRunId()];
    for (const runId of [open, reverted, closed]) await store.undoRecords.write(anUndoRecord(runId));
    await store.undoRecords.tombstone(reverted, start);
    await store.undoRecords.close(closed, start);
    await store.undoRecords.tombstone(empty, start);
    const found = (await store.undoRecords.unfinished()).map(({ runId }) => runId);
    expect(found).toEqual(expect.arrayContaining([open, reverted]));
    expect(found).not.toContain(closed);
    expect(found).not.toContain(empty);
    const restored = [open, reverted, closed, empty, newRunId()].map((runId) => store.undoRecords.isRestored(runId));
    expect(await Promise.all(restored)).toEqual([false, false, true, true, true]);
  });
});
