import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { LeverPulled, TargetLeased, UndoNotFound } from '../../../lambdas/safety/safety.client.ts';
import type { UndoRecord } from '../../../lambdas/safety/undo.ts';
import { newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

let targets = 0;
const newTarget = () => `target-${++targets}`;

describe("a target's lease", () => {
  test('is refused to a second run, which is told who holds it', async () => {
    const target = newTarget();
    await store.safety.takeLease(target, 'run-1', start, 60);
    const refused = store.safety.takeLease(target, 'run-2', start + 59, 60);
    await expect(refused).rejects.toThrow(TargetLeased);
    await expect(refused).rejects.toThrow(`target '${target}' is in use by run run-1`);
  });

  test('may be taken again by the run that has it, which prolongs it', async () => {
    const target = newTarget();
    await store.safety.takeLease(target, 'run-1', start, 60);
    await store.safety.takeLease(target, 'run-1', start + 50, 60);
    await expect(store.safety.takeLease(target, 'run-2', start + 100, 60)).rejects.toThrow(TargetLeased);
  });

  test('that has expired goes to the next run, although the table still has its item', async () => {
    const target = newTarget();
    await store.safety.takeLease(target, 'run-1', start, 60);
    await store.safety.takeLease(target, 'run-2', start + 61, 60);
    await expect(store.safety.takeLease(target, 'run-1', start + 62, 60)).rejects.toThrow('by run run-2');
  });

  test('is released by its holder alone', async () => {
    const target = newTarget();
    await store.safety.takeLease(target, 'run-1', start, 60);
    await store.safety.releaseLease(target, 'run-2');
    await expect(store.safety.takeLease(target, 'run-2', start, 60)).rejects.toThrow(TargetLeased);
    await store.safety.releaseLease(target, 'run-1');
    await store.safety.takeLease(target, 'run-2', start, 60);
    await expect(store.safety.takeLease(target, 'run-1', start, 60)).rejects.toThrow('by run run-2');
  });

  test('may be released twice, and where there is none', async () => {
    await expect(store.safety.releaseLease(newTarget(), 'run-1')).resolves.toBeUndefined();
  });

  test('goes to exactly one of many that want it at the same moment', async () => {
    const target = newTarget();
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => store.safety.takeLease(target, `run-${i}`, start, 60)),
    );
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
  });
});

describe('the safety lever', () => {
  const pull = (pulled: boolean) =>
    store.dynamo.send(
      new PutCommand({
        TableName: store.table,
        Item: { pk: 'lever', sk: 'lever', data: { pulled, by: 'ann', reason: 'sale today', at: start } },
      }),
    );

  test('is released where nobody has ever touched it', async () => {
    await expect(store.safety.assertLeverReleased()).resolves.toBeUndefined();
  });

  test('refuses while it is pulled, with who and why, and no longer when it is released again', async () => {
    await pull(true);
    await expect(store.safety.assertLeverReleased()).rejects.toThrow(LeverPulled);
    await expect(store.safety.assertLeverReleased()).rejects.toThrow('pulled by ann: sale today');
    await pull(false);
    await expect(store.safety.assertLeverReleased()).resolves.toBeUndefined();
  });
});

describe('an undo record', () => {
  const undoOf = (runId: string, desiredCount: number): UndoRecord => ({
    runId,
    faultId: 'ecs-service-stop',
    parameters: { service: 'cache' },
    original: { desiredCount },
    createdAt: start,
    status: 'open',
  });

  test('is written once: a retry gets the first one, with the state from before the fault', async () => {
    const runId = newRunId();
    expect(await store.safety.writeUndo(undoOf(runId, 3))).toEqual(undoOf(runId, 3));
    expect(await store.safety.writeUndo(undoOf(runId, 0))).toEqual(undoOf(runId, 3));
    expect(await store.safety.undo(runId)).toEqual(undoOf(runId, 3));
  });

  test('is null where there is none', async () => {
    expect(await store.safety.undo(newRunId())).toBeNull();
  });

  test('a tombstone after the capture returns the record and marks it reverted', async () => {
    const runId = newRunId();
    await store.safety.writeUndo(undoOf(runId, 3));
    expect((await store.safety.tombstone(runId, start + 1))?.original).toEqual({ desiredCount: 3 });
    expect((await store.safety.undo(runId))?.status).toBe('reverted');
  });

  test('a tombstone before the capture returns nothing and keeps a later capture from being open', async () => {
    const runId = newRunId();
    expect(await store.safety.tombstone(runId, start)).toBeNull();
    expect((await store.safety.writeUndo(undoOf(runId, 3))).status).toBe('done');
    expect(await store.safety.tombstone(runId, start)).toBeNull();
  });

  test('is closed once the fault is gone, and a later tombstone does not open it again', async () => {
    const runId = newRunId();
    await store.safety.writeUndo(undoOf(runId, 3));
    await store.safety.tombstone(runId, start);
    await store.safety.closeUndo(runId);
    expect((await store.safety.undo(runId))?.status).toBe('done');
    await store.safety.tombstone(runId, start);
    expect((await store.safety.undo(runId))?.status).toBe('done');
    await expect(store.safety.closeUndo(runId)).resolves.toBeUndefined();
  });

  test('cannot be closed where there is none', async () => {
    const runId = newRunId();
    await expect(store.safety.closeUndo(runId)).rejects.toThrow(UndoNotFound);
    expect(await store.safety.undo(runId)).toBeNull();
  });
});
