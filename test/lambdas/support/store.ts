import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type LocalStack, startLocalStack } from '../../../infra/local/stack.ts';
import type { Clock } from '../../../lambdas/aws/clock.ts';
import { systemClock } from '../../../lambdas/aws/clock.ts';
import { EvidenceClient } from '../../../lambdas/evidence/evidence.client.ts';
import { GameDaysClient } from '../../../lambdas/game-day/game-days.client.ts';
import { RunsClient } from '../../../lambdas/runs/runs.client.ts';
import { LeasesClient } from '../../../lambdas/safety/leases.client.ts';
import { LeverClient } from '../../../lambdas/safety/lever.client.ts';
import { UndoRecordsClient } from '../../../lambdas/safety/undo-records.client.ts';
import { faultlinePython } from '../../support/python.ts';
import { freePort } from '../../support/services.ts';

/** As lib/store/runs-table.ts has it, which test/lib/templates.test.ts holds against this. */
export const tableKeys = [
  { AttributeName: 'pk', KeyType: 'HASH', AttributeType: 'S' },
  { AttributeName: 'sk', KeyType: 'RANGE', AttributeType: 'S' },
] as const;

export interface Store {
  runs: RunsClient;
  undoRecords: UndoRecordsClient;
  lever: LeverClient;
  /** Leases by another clock than the real one. */
  leases(clock?: Clock): LeasesClient;
  gameDays: GameDaysClient;
  evidence: EvidenceClient;
  dynamo: DynamoDBClient;
  table: string;
  bucket: string;
  /** For clients that are made in a test. */
  config: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  stop(): Promise<void>;
}

const table = 'runs';
const bucket = 'evidence';

/** The emulator with an empty table and an empty bucket, and the project's clients of them. */
export async function startStore(): Promise<Store> {
  const stack = await startLocalStack({ python: faultlinePython(), port: await freePort() });
  const config = { endpoint: stack.endpoint, region: stack.region, credentials: stack.root };
  const dynamo = new DynamoDBClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  await createTable(dynamo).catch((error) => stopped(stack, error));
  await s3.send(new CreateBucketCommand({ Bucket: bucket })).catch((error) => stopped(stack, error));
  return {
    runs: new RunsClient(dynamo, table),
    undoRecords: new UndoRecordsClient(dynamo, table),
    lever: new LeverClient(dynamo, table, systemClock),
    leases: (clock = systemClock) => new LeasesClient(dynamo, table, clock),
    gameDays: new GameDaysClient(dynamo, table),
    evidence: new EvidenceClient(s3, bucket),
    dynamo,
    table,
    bucket,
    config,
    async stop() {
      dynamo.destroy();
      s3.destroy();
      await stack.stop();
    },
  };
}

async function stopped(stack: LocalStack, error: unknown): Promise<never> {
  await stack.stop();
  throw error;
}

async function createTable(dynamo: DynamoDBClient): Promise<void> {
  await dynamo.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: tableKeys.map(({ AttributeName, KeyType }) => ({ AttributeName, KeyType })),
      AttributeDefinitions: tableKeys.map(({ AttributeName, AttributeType }) => ({ AttributeName, AttributeType })),
    }),
  );
}
