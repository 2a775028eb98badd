import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { latestKeys, type PageQuery } from '../aws/query-page.ts';
import { type Delivered, type Schedule, ScheduleExists, ScheduleNotFound, scheduleSchema } from './schedule.ts';

const partition = 'schedules';
const key = (name: string) => ({ pk: partition, sk: name });

/** Runtime access to the records of schedules: what each starts, and what came of it last. */
export class SchedulesClient {
  private readonly doc: DynamoDBDocumentClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.doc = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
    this.table = table;
  }

  /** @throws ScheduleExists */
  async create(schedule: Schedule): Promise<void> {
    try {
      await this.doc.send(
        new PutCommand({
          TableName: this.table,
          Item: { ...key(schedule.name), data: schedule },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) throw new ScheduleExists(schedule.name);
      throw error;
    }
  }

  async find(name: string): Promise<Schedule | null> {
    const { Item } = await this.doc.send(
      new GetCommand({ TableName: this.table, Key: key(name), ConsistentRead: true }),
    );
    return Item ? scheduleSchema.parse(Item.data) : null;
  }

  /** @throws ScheduleNotFound */
  async get(name: string): Promise<Schedule> {
    const schedule = await this.find(name);
    if (!schedule) throw new ScheduleNotFound(name);
    return schedule;
  }

  /** By name, from the last one of the alphabet down. */
  async page(query: Pick<PageQuery, 'limit' | 'after'>): Promise<{ schedules: Schedule[]; after: string | null }> {
    const { keys, after } = await latestKeys(this.doc, { table: this.table, partition, ...query });
    const found = await Promise.all(keys.map((name) => this.find(name)));
    return { schedules: found.filter((schedule) => schedule !== null), after };
  }

  /** @throws ScheduleNotFound */
  async setPaused(name: string, paused: boolean): Promise<void> {
    if (!(await this.set(name, 'paused', paused))) throw new ScheduleNotFound(name);
  }

  /** Of a schedule that was deleted meanwhile nothing is kept. */
  async setLast(name: string, last: Delivered): Promise<void> {
    await this.set(name, 'last', last);
  }

  async delete(name: string): Promise<void> {
    await this.doc.send(new DeleteCommand({ TableName: this.table, Key: key(name) }));
  }

  private async set(name: string, field: 'paused' | 'last', value: unknown): Promise<boolean> {
    try {
      await this.doc.send(
        new UpdateCommand({
          TableName: this.table,
          Key: key(name),
          UpdateExpression: 'SET #d.#f = :v',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#d': 'data', '#f': field },
          ExpressionAttributeValues: { ':v': value },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
