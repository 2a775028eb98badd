import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Clock } from '../aws/clock.ts';
import { queryItems } from '../aws/query-items.ts';

/** Who moved the lever last, why, and when (epoch seconds). */
export const leverSchema = z.object({ pulled: z.boolean(), by: z.string(), reason: z.string(), at: z.number() });
export type Lever = z.infer<typeof leverSchema>;

const untouched = { pulled: false, by: null, reason: null, at: null } as const;

/** How the lever stands after a move, and whether that move is why: the others are those of who was first, or nobody's. */
export const leverMoveSchema = z.union([
  leverSchema.extend({ changed: z.boolean() }),
  z.object({ pulled: z.literal(false), by: z.null(), reason: z.null(), at: z.null(), changed: z.literal(false) }),
]);
export type LeverMove = z.infer<typeof leverMoveSchema>;

export class LeverPulled extends Error {
  constructor(lever: { by: string; reason: string }) {
    super(`the safety lever was pulled by ${lever.by}: ${lever.reason}; release it to start runs again`);
    this.name = 'LeverPulled';
  }
}

const partition = 'lever';
const present = { pk: partition, sk: 'lever' };

/** Runtime access to the safety lever: one for everything. While it is pulled every run stops and none starts. */
export class LeverClient {
  private readonly doc: DynamoDBDocumentClient;
  private readonly table: string;
  private readonly clock: Pick<Clock, 'now'>;

  constructor(client: DynamoDBClient, table: string, clock: Pick<Clock, 'now'>) {
    this.doc = DynamoDBDocumentClient.from(client);
    this.table = table;
    this.clock = clock;
  }

  /** Null where nobody has ever touched it. */
  async read(): Promise<Lever | null> {
    const { Item } = await this.doc.send(new GetCommand({ TableName: this.table, Key: present, ConsistentRead: true }));
    return Item ? leverSchema.parse(Item.data) : null;
  }

  /** @throws LeverPulled */
  async assertReleased(): Promise<void> {
    const lever = await this.read();
    if (lever?.pulled) throw new LeverPulled(lever);
  }

  /** Moved where it is already, it stays the first one's, and one that nobody has pulled stays untouched by a release. */
  async move(pulled: boolean, { by, reason }: { by: string; reason: string }): Promise<LeverMove> {
    const lever: Lever = { pulled, by, reason, at: this.clock.now() };
    try {
      await this.doc.send(
        new UpdateCommand({
          TableName: this.table,
          Key: present,
          UpdateExpression: 'SET #d = :lever',
          ConditionExpression: pulled ? 'attribute_not_exists(pk) OR #d.pulled = :other' : '#d.pulled = :other',
          ExpressionAttributeNames: { '#d': 'data' },
          ExpressionAttributeValues: { ':lever': lever, ':other': !pulled },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { ...((await this.read()) ?? untouched), changed: false };
    }
    // After the lever itself: stopping comes before the books.
    const sk = `move#${lever.at.toFixed(6)}`;
    await this.doc.send(new PutCommand({ TableName: this.table, Item: { pk: partition, sk, data: lever } }));
    return { ...lever, changed: true };
  }

  /** Every move there was, the earliest first. */
  async history(): Promise<Lever[]> {
    const items = await queryItems(this.doc, {
      TableName: this.table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :move)',
      ExpressionAttributeValues: { ':pk': partition, ':move': 'move#' },
    });
    return items.map(({ data }) => leverSchema.parse(data));
  }
}
