import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SSMClient } from '@aws-sdk/client-ssm';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { logger } from '../aws/logger.ts';
import { sharedServices } from '../aws/step.ts';
import { startServices } from '../game-day/start-services.ts';
import { environment } from '../runs/environment.ts';
import { Scheduler } from '../schedules/scheduler.client.ts';
import { SchedulesClient } from '../schedules/schedules.client.ts';
import { listTargets } from '../target/target.client.ts';
import { apiHandler } from './api.ts';
import { DownloadsClient } from './downloads.client.ts';
import type { ApiServices } from './route.ts';

function services(): ApiServices {
  const { TABLE_NAME, BUCKET_NAME, TARGETS_PATH, DOWNLOAD_ENDPOINT } = environment(
    'TABLE_NAME',
    'BUCKET_NAME',
    'TARGETS_PATH',
    'DOWNLOAD_ENDPOINT',
  );
  const { SCHEDULE_GROUP, SCHEDULE_MACHINE, SCHEDULE_ROLE, SCHEDULE_DEAD_LETTERS } = environment(
    'SCHEDULE_GROUP',
    'SCHEDULE_MACHINE',
    'SCHEDULE_ROLE',
    'SCHEDULE_DEAD_LETTERS',
  );
  const ssm = new SSMClient();
  return {
    ...startServices(sharedServices()),
    schedules: new SchedulesClient(new DynamoDBClient(), TABLE_NAME),
    scheduler: new Scheduler(new SchedulerClient(), {
      group: SCHEDULE_GROUP,
      machine: SCHEDULE_MACHINE,
      role: SCHEDULE_ROLE,
      deadLetters: SCHEDULE_DEAD_LETTERS,
    }),
    downloads: new DownloadsClient(
      new S3Client(DOWNLOAD_ENDPOINT ? { endpoint: DOWNLOAD_ENDPOINT, forcePathStyle: true } : {}),
      BUCKET_NAME,
    ),
    targets: () => listTargets(ssm, TARGETS_PATH),
  };
}

let made: ApiServices | null = null;

export const handler = middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .handler(
    apiHandler(() => {
      made ??= services();
      return made;
    }),
  );
