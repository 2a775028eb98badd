import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';

/** What a key was first used for. `at` is when its start was last begun, in epoch seconds. */
export const keyUseSchema = z.object({
  gameDayId: z.string(),
  /** Tells the same request from another one. */
  request: z.string(),
  at: z.number(),
  /** False while the game-day is being started. */
  started: z.boolean(),
});
export type KeyUse = z.infer<typeof keyUseSchema>;

const retentionSeconds = 24 * 3600;
const key = (name: string) => ({ pk: 'idempotency', sk: name });

/** Runtime access to the idempotency keys of starts. A key is remembered for a day, by the clock and not by the table's expiry. */
export class IdempotencyKeysClient {
  private readonly doc: DynamoDBDocumentClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.doc = DynamoDBDocumentClient.from(client);
    this.table = table;
  }

  async get(name: string, now: number): Promise<KeyUse | null> {
    const { Item } = await this.doc.send(
      new GetCommand({ TableName: this.table, Key: key(name), ConsistentRead: true }),
    );
    return Item && Item.expiresAt > now ? keyUseSchema.parse(Item.data) : null;
  }

  /** Returns whether it was taken: not where another request has been quicker. `earlier` is a use to take over. */
  take(name: string, use: Omit<KeyUse, 'started'>, earlier: KeyUse | null): Promise<boolean> {
    return this.conditionally(
      new PutCommand({
        TableName: this.table,
        Item: {
          ...key(name),
          data: { ...use, started: false } satisfies KeyUse,
          expiresAt: Math.ceil(use.at) + retentionSeconds,
        },
        ConditionExpression: earlier
          ? '#d.gameDayId = :id AND #d.#at = :at AND #d.started = :false'
          : 'attribute_not_exists(pk) OR expiresAt <= :now',
        ExpressionAttributeNames: earlier ? { '#d': 'data', '#at': 'at' } : undefined,
        ExpressionAttributeValues: earlier
          ? { ':id': earlier.gameDayId, ':at': earlier.at, ':false': false }
          : { ':now': use.at },
      }),
    );
  }

  /** From now on the key stands for this game-day. */
  async settle(name: string, gameDayId: string): Promise<void> {
    await this.conditionally(
      new UpdateCommand({
        TableName: this.table,
        Key: key(name),
        UpdateExpression: 'SET #d.started = :true',
        ConditionExpression: '#d.gameDayId = :id',
        ExpressionAttributeNames: { '#d': 'data' },
        ExpressionAttributeValues: { ':true': true, ':id': gameDayId },
      }),
    );
  }

  /** A start that came to nothing frees its key. */
  async free(name: string, gameDayId: string): Promise<void> {
    await this.conditionally(
      new DeleteCommand({
        TableName: this.table,
        Key: key(name),
        ConditionExpression: '#d.gameDayId = :id AND #d.started = :false',
        ExpressionAttributeNames: { '#d': 'data' },
        ExpressionAttributeValues: { ':id': gameDayId, ':false': false },
      }),
    );
  }

  /** Whether its condition held. */
  private async conditionally(command: PutCommand | UpdateCommand | DeleteCommand): Promise<boolean> {
    try {
      await this.doc.send(command as PutCommand);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
