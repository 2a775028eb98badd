import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { logger } from '../aws/logger.ts';
import { sharedServices } from '../aws/step.ts';
import { newGameDayId } from '../game-day/game-day-id.ts';
import { GameDayMachineClient } from '../game-day/game-day-machine.client.ts';
import { IdempotencyKeysClient } from '../game-day/idempotency-keys.client.ts';
import { environment } from '../runs/environment.ts';
import { faultIo } from '../runs/run-context.ts';
import { apiHandler } from './api.ts';
import type { ApiServices } from './routes.ts';

const sfn = new SFNClient();
const dynamo = new DynamoDBClient();

function services(): ApiServices {
  const { TABLE_NAME, GAME_DAY_MACHINE } = environment('TABLE_NAME', 'GAME_DAY_MACHINE');
  const shared = sharedServices();
  return {
    ...shared,
    machine: new GameDayMachineClient(sfn, GAME_DAY_MACHINE),
    keys: new IdempotencyKeysClient(dynamo, TABLE_NAME),
    ioOf: (target) => faultIo(target, shared.clock, refuseChange),
    newGameDayId,
  };
}

async function refuseChange({ service, operation }: { service: string; operation: string }): Promise<void> {
  throw new Error(`the API looked at a target and called ${service} ${operation}`);
}

export const handler = middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .handler(apiHandler(services));
