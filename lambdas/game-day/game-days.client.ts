import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type GameDay, gameDaySchema } from './game-day.ts';

export class GameDayNotFound extends Error {
  constructor(id: string) {
    super(`no game-day '${id}'`);
    this.name = 'GameDayNotFound';
  }
}

const key = (gameDayId: string) => ({ pk: `game-day#${gameDayId}`, sk: 'game-day' });

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
