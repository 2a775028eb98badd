import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import pLimit from 'p-limit';
import { EvidenceClient } from '../evidence/evidence.client.ts';
import type { WindowSummary } from '../evidence/window.ts';
import { runIdOf } from '../game-day/game-day.ts';
import type { Run } from '../runs/run.ts';
import { RunNotFound, RunsClient } from '../runs/runs.client.ts';
import { scenarioIds } from '../scenarios/scenario.ts';
import { OperatorApi } from './operator-api.client.ts';

const downloadsAtOnce = 8;

export interface Deployment {
  TableName: string;
  BucketName: string;
  GameDayMachineArn: string;
  ApiUrl: string;
}

export interface ClientConfig {
  endpoint?: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  forcePathStyle?: boolean;
}

/** What an operator does with a game-day: start and stop it through the API, watch it, fetch its report. */
export class GameDayOperator {
  /** Starting, stopping and the safety lever. */
  readonly api: OperatorApi;
  private readonly gameDayMachine: string;
  private readonly sfn: SFNClient;
  private readonly runs: RunsClient;
  private readonly evidence: EvidenceClient;

  constructor(deployment: Deployment, config: ClientConfig) {
    this.gameDayMachine = deployment.GameDayMachineArn;
    this.sfn = new SFNClient(config);
    this.api = new OperatorApi({ url: deployment.ApiUrl, region: config.region, credentials: config.credentials });
    this.runs = new RunsClient(new DynamoDBClient(config), deployment.TableName);
    this.evidence = new EvidenceClient(new S3Client(config), deployment.BucketName);
  }

  /** Of the game-day's execution, which has its id as its name. */
  async status(gameDayId: string): Promise<{ status: string; reason: string | null }> {
    const executionArn = `${this.gameDayMachine.replace(':stateMachine:', ':execution:')}:${gameDayId}`;
    const { status, error, cause } = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
    return { status: status ?? 'UNKNOWN', reason: error ? `${error}: ${cause ?? ''}` : null };
  }

  /** The run, or null while it has not begun. */
  async run(runId: string): Promise<Run | null> {
    try {
      return await this.runs.get(runId);
    } catch (error) {
      if (error instanceof RunNotFound) return null;
      throw error;
    }
  }

  windows(runId: string, from: number): Promise<WindowSummary[]> {
    return this.runs.windows(runId, from);
  }

  /** The report's files and, under `runs/`, each run's evidence, by path; an empty map where there is no report. */
  async report(gameDayId: string): Promise<Map<string, string>> {
    const own = `game-days/${gameDayId}/`;
    const reports = await this.evidence.keys(own);
    if (reports.length === 0) return new Map();
    const runs = new Set(scenarioIds.map((scenario) => runIdOf(gameDayId, scenario)));
    // Another game-day's id may begin like this one's.
    const evidence = (await this.evidence.keys(`runs/${gameDayId}-`)).filter((key) => runs.has(key.split('/')[1]!));
    const names = [...reports.map((key) => [key, key.slice(own.length)]), ...evidence.map((key) => [key, key])];
    const limit = pLimit(downloadsAtOnce);
    const files = names.map(([key, name]) =>
      limit(async () => [name!, (await this.evidence.get(key!)) ?? ''] as const),
    );
    return new Map(await Promise.all(files));
  }
}
