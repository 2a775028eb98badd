import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { queryItems } from '../aws/query-items.ts';
import { type UndoRecord, undoRecordSchema } from './undo-record.ts';

export class UndoNotFound extends Error {
  constructor(runId: string) {
    super(`run '${runId}' has no undo record`);
    this.name = 'UndoNotFound';
  }
}

/** Closed records are kept for this long; open ones for ever. */
const retentionSeconds = 30 * 24 * 3600;

/** Runtime access to the undo records of all runs: at most one each. */
export class UndoRecordsClient {
  private readonly doc: DynamoDBDocumentClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.doc = DynamoDBDocumentClient.from(client);
    this.table = table;
  }

  /** The first record wins: a retry must not record the faulted state as the original one. Returns the winner. */
  async write(undo: UndoRecord, expiresAt?: number): Promise<UndoRecord> {
    try {
      await this.doc.send(
        new PutCommand({
          TableName: this.table,
          Item: { ...key(undo.runId), data: undo, ...(expiresAt !== undefined && { expiresAt }) },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
      return undo;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const winner = await this.get(undo.runId);
      if (!winner) throw error;
      return winner;
    }
  }

  async get(runId: string): Promise<UndoRecord | null> {
    const { Item } = await this.doc.send(
      new GetCommand({ TableName: this.table, Key: key(runId), ConsistentRead: true }),
    );
    return Item ? undoRecordSchema.parse(Item.data) : null;
  }

  /** Whether nothing of the run's fault can be there: it never wrote a record, or its fault was proven gone. */
  async isRestored(runId: string): Promise<boolean> {
    const undo = await this.get(runId);
    return undo === null || undo.status === 'done';
  }

  /** Every record whose fault is not proven gone. */
  async unfinished(): Promise<UndoRecord[]> {
    const items = await queryItems(this.doc, {
      TableName: this.table,
      KeyConditionExpression: 'pk = :pk',
      FilterExpression: '#d.#s <> :done',
      ExpressionAttributeNames: { '#d': 'data', '#s': 'status' },
      ExpressionAttributeValues: { ':pk': partition, ':done': 'done' },
    });
    return items.map(({ data }) => undoRecordSchema.parse(data));
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
      injectingUntil: null,
      status: 'done',
    };
    const record = await this.write(nothing, Math.ceil(now) + retentionSeconds);
    if (record.faultId === 'none') return null;
    // Not open any more means that another revert was quicker; it must not undo that one's `done`.
    if (record.status === 'open') await this.setStatus(runId, 'reverted', ['open']);
    return record;
  }

  /** An injector is at work until then, or (null) has ended. @throws UndoNotFound */
  async setInjecting(runId: string, until: number | null): Promise<void> {
    try {
      await this.doc.send(
        new UpdateCommand({
          TableName: this.table,
          Key: key(runId),
          UpdateExpression: 'SET #d.injectingUntil = :until',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#d': 'data' },
          ExpressionAttributeValues: { ':until': until },
        }),
      );
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) throw new UndoNotFound(runId);
      throw error;
    }
  }

  /** Only after the fault is proven gone. @throws UndoNotFound */
  async close(runId: string, now: number): Promise<void> {
    const expiresAt = Math.ceil(now) + retentionSeconds;
    if (await this.setStatus(runId, 'done', ['open', 'reverted', 'done'], expiresAt)) return;
    throw new UndoNotFound(runId);
  }

  /** Whether there was a record in one of the states `from`. */
  private async setStatus(
    runId: string,
    status: UndoRecord['status'],
    from: UndoRecord['status'][],
    expiresAt?: number,
  ): Promise<boolean> {
    const states = Object.fromEntries(from.map((state) => [`:${state}`, state]));
    try {
      await this.doc.send(
        new UpdateCommand({
          TableName: this.table,
          Key: key(runId),
          UpdateExpression: `SET #d.#s = :to${expiresAt === undefined ? '' : ', expiresAt = :expires'}`,
          ConditionExpression: `#d.#s IN (${Object.keys(states).join(', ')})`,
          ExpressionAttributeNames: { '#d': 'data', '#s': 'status' },
          ExpressionAttributeValues: {
            ':to': status,
            ...states,
            ...(expiresAt !== undefined && { ':expires': expiresAt }),
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

const partition = 'undo';
const key = (runId: string) => ({ pk: partition, sk: runId });
