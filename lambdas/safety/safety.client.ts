import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type UndoRecord, undoRecordSchema } from './undo.ts';

export class TargetLeased extends Error {
  constructor(targetId: string, holder: string) {
    super(`target '${targetId}' is in use by run ${holder}; stop that run or wait for its end`);
    this.name = 'TargetLeased';
  }
}

export class LeverPulled extends Error {
  constructor(lever: { by: string; reason: string }) {
    super(`the safety lever was pulled by ${lever.by}: ${lever.reason}`);
    this.name = 'LeverPulled';
  }
}

export class UndoNotFound extends Error {
  constructor(runId: string) {
    super(`run '${runId}' has no undo record`);
    this.name = 'UndoNotFound';
  }
}

const leverSchema = z.object({ pulled: z.boolean(), by: z.string(), reason: z.string(), at: z.number() });
const leaseSchema = z.object({ runId: z.string(), expiresAt: z.number() });

/** Runtime access to what keeps runs apart and reversible: leases, the safety lever and undo records. */
export class SafetyClient {
  private readonly doc: DynamoDBDocumentClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.doc = DynamoDBDocumentClient.from(client);
    this.table = table;
  }

  /** @throws TargetLeased with the holder's run id, while its lease has not expired. The same run may take it again. */
  async takeLease(targetId: string, runId: string, now: number, seconds: number): Promise<void> {
    const lease = { runId, expiresAt: now + seconds };
    try {
      await this.doc.send(
        new PutCommand({
          TableName: this.table,
          Item: { ...leaseKey(targetId), data: lease },
          ConditionExpression: 'attribute_not_exists(pk) OR #d.expiresAt < :now OR #d.runId = :run',
          ExpressionAttributeNames: { '#d': 'data' },
          ExpressionAttributeValues: { ':now': now, ':run': runId },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const { Item } = await this.doc.send(
        new GetCommand({ TableName: this.table, Key: leaseKey(targetId), ConsistentRead: true }),
      );
      // Released between the two calls: it can be had now.
      if (!Item) return this.takeLease(targetId, runId, now, seconds);
      throw new TargetLeased(targetId, leaseSchema.parse(Item.data).runId);
    }
  }

  /** Releases the run's own lease; another's is left alone. */
  async releaseLease(targetId: string, runId: string): Promise<void> {
    try {
      await this.doc.send(
        new DeleteCommand({
          TableName: this.table,
          Key: leaseKey(targetId),
          ConditionExpression: 'attribute_not_exists(pk) OR #d.runId = :run',
          ExpressionAttributeNames: { '#d': 'data' },
          ExpressionAttributeValues: { ':run': runId },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  /** @throws LeverPulled */
  async assertLeverReleased(): Promise<void> {
    const lever = await this.lever();
    if (lever?.pulled) throw new LeverPulled(lever);
  }

  async lever(): Promise<z.infer<typeof leverSchema> | null> {
    const { Item } = await this.doc.send(
      new GetCommand({ TableName: this.table, Key: { pk: 'lever', sk: 'lever' }, ConsistentRead: true }),
    );
    return Item ? leverSchema.parse(Item.data) : null;
  }

  /** The first record wins: a retry must not record the faulted state as the original one. Returns the winner. */
  async writeUndo(undo: UndoRecord): Promise<UndoRecord> {
    try {
      await this.doc.send(
        new PutCommand({
          TableName: this.table,
          Item: { ...undoKey(undo.runId), data: undo },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
      return undo;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const winner = await this.undo(undo.runId);
      if (!winner) throw error;
      return winner;
    }
  }

  async undo(runId: string): Promise<UndoRecord | null> {
    const { Item } = await this.doc.send(
      new GetCommand({ TableName: this.table, Key: undoKey(runId), ConsistentRead: true }),
    );
    return Item ? undoRecordSchema.parse(Item.data) : null;
  }

  /**
   * Leaves the tombstone: no injector of this run mutates anything from here on, even one that has not written its
   * undo record yet. Returns the record to replay, or null where nothing was ever captured.
   */
  async tombstone(runId: string, now: number): Promise<UndoRecord | null> {
    const nothing: UndoRecord = {
      runId,
      faultId: 'none',
      parameters: {},
      original: {},
      createdAt: now,
      status: 'done',
    };
    const record = await this.writeUndo(nothing);
    if (record.faultId === 'none') return null;
    // Not open any more means that another revert was quicker; it must not undo that one's `done`.
    if (record.status === 'open') await this.setUndoStatus(runId, 'reverted', ['open']);
    return record;
  }

  /** Only after the fault is proven gone. @throws UndoNotFound */
  async closeUndo(runId: string): Promise<void> {
    if (await this.setUndoStatus(runId, 'done', ['open', 'reverted', 'done'])) return;
    throw new UndoNotFound(runId);
  }

  /** Whether there was a record in one of the states `from`. */
  private async setUndoStatus(
    runId: string,
    status: UndoRecord['status'],
    from: UndoRecord['status'][],
  ): Promise<boolean> {
    const states = Object.fromEntries(from.map((state) => [`:${state}`, state]));
    try {
      await this.doc.send(
        new UpdateCommand({
          TableName: this.table,
          Key: undoKey(runId),
          UpdateExpression: 'SET #d.#s = :to',
          ConditionExpression: `#d.#s IN (${Object.keys(states).join(', ')})`,
          ExpressionAttributeNames: { '#d': 'data', '#s': 'status' },
          ExpressionAttributeValues: { ':to': status, ...states },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

const leaseKey = (targetId: string) => ({ pk: 'lease', sk: targetId });
const undoKey = (runId: string) => ({ pk: 'undo', sk: runId });
