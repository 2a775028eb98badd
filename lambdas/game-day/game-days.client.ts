import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { latestKeys, type PageQuery } from '../aws/query-page.ts';
import { type GameDay, gameDaySchema } from './game-day.ts';

export class GameDayNotFound extends Error {
  constructor(id: string) {
    super(`no game-day '${id}'`);
    this.name = 'GameDayNotFound';
  }
}

const key = (gameDayId: string) => ({ pk: `game-day#${gameDayId}`, sk: 'game-day' });

/** Their ids, which begin with the time, are what the list is sorted by. */
const listed = 'game-days';
const lookedAtOnce = 20;

/** Runtime access to the records of game-days. */
export class GameDaysClient {
  private readonly doc: DynamoDBDocumentClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.doc = DynamoDBDocumentClient.from(client);
    this.table = table;
  }

  /** The first plan wins, so that a repeated start goes on with the same runs. */
  async create(gameDay: GameDay): Promise<GameDay> {
    // What is listed without a record is passed over; a record that is not listed would be lost.
    await this.doc.send(
      new PutCommand({ TableName: this.table, Item: { pk: listed, sk: gameDay.gameDayId, target: gameDay.target } }),
    );
    try {
      await this.doc.send(
        new PutCommand({
          TableName: this.table,
          Item: { ...key(gameDay.gameDayId), data: gameDay },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
      return gameDay;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return this.get(gameDay.gameDayId);
      throw error;
    }
  }

  /** @throws GameDayNotFound */
  async get(gameDayId: string): Promise<GameDay> {
    const gameDay = await this.find(gameDayId);
    if (!gameDay) throw new GameDayNotFound(gameDayId);
    return gameDay;
  }

  async find(gameDayId: string): Promise<GameDay | null> {
    const { Item } = await this.doc.send(
      new GetCommand({ TableName: this.table, Key: key(gameDayId), ConsistentRead: true }),
    );
    return Item ? gameDaySchema.parse(Item.data) : null;
  }

  /** The latest first; of `limit` there may be fewer on a page that is not the last one. */
  async page(query: Pick<PageQuery, 'limit' | 'after'>): Promise<{ gameDays: GameDay[]; after: string | null }> {
    const { keys, after } = await latestKeys(this.doc, { table: this.table, partition: listed, ...query });
    const found = await Promise.all(keys.map((id) => this.find(id)));
    return { gameDays: found.filter((gameDay) => gameDay !== null), after };
  }

  /** One that goes on with this target, of those that began since `since`; null where there is none. */
  async openOn(target: string, since: number): Promise<GameDay | null> {
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<GameDaysClient['page']>> = await this.page({ limit: lookedAtOnce, after });
      const open = page.gameDays.find((gameDay) => gameDay.target === target && gameDay.endedAt === null);
      if (open) return open.startedAt >= since ? open : null;
      after = page.gameDays.some(({ startedAt }) => startedAt < since) ? null : page.after;
    } while (after !== null);
    return null;
  }

  /** The first reason wins. @throws GameDayNotFound */
  async requestStop(gameDayId: string, stop: { reason: string; by: string; at: number }): Promise<void> {
    await this.setOnce(gameDayId, 'stopRequested', stop);
  }

  /** The first end wins. @throws GameDayNotFound */
  async finish(gameDayId: string, at: number): Promise<void> {
    await this.setOnce(gameDayId, 'endedAt', at);
  }

  private async setOnce(gameDayId: string, field: 'stopRequested' | 'endedAt', value: unknown): Promise<void> {
    try {
      await this.doc.send(
        new UpdateCommand({
          TableName: this.table,
          Key: key(gameDayId),
          UpdateExpression: 'SET #d.#f = :v',
          ConditionExpression: '#d.#f = :null',
          ExpressionAttributeNames: { '#d': 'data', '#f': field },
          ExpressionAttributeValues: { ':v': value, ':null': null },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      await this.get(gameDayId);
    }
  }
}
