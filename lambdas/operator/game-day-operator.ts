import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import pLimit from 'p-limit';
import { EvidenceClient } from '../evidence/evidence.client.ts';
import type { WindowSummary } from '../evidence/window.ts';
import { failureReason } from '../game-day/failure-reason.ts';
import { runIdOf } from '../game-day/game-day.ts';
import type { Run } from '../runs/run.ts';
import { RunNotFound, RunsClient } from '../runs/runs.client.ts';
import { type Profile, type ScenarioId, scenarioIds } from '../scenarios/scenario.ts';

const downloadsAtOnce = 8;

export interface Deployment {
  TableName: string;
  BucketName: string;
  GameDayMachineArn: string;
  StopFunctionName: string;
}

export interface ClientConfig {
  endpoint?: string;
  region: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
  forcePathStyle?: boolean;
}

export interface GameDayPlan {
  gameDayId: string;
  scenarios: ScenarioId[];
  profile: Profile;
}

export class StopRefused extends Error {
  constructor(gameDayId: string, reason: string) {
    super(`game-day '${gameDayId}' could not be asked to stop: ${reason}`);
    this.name = 'StopRefused';
  }
}

/** What an operator does with a game-day: start it, watch it, stop it, fetch its report. */
export class GameDayOperator {
  private readonly deployment: Deployment;
  private readonly sfn: SFNClient;
  private readonly lambda: LambdaClient;
  private readonly runs: RunsClient;
  private readonly evidence: EvidenceClient;

  constructor(deployment: Deployment, config: ClientConfig) {
    this.deployment = deployment;
    this.sfn = new SFNClient(config);
    this.lambda = new LambdaClient(config);
    this.runs = new RunsClient(new DynamoDBClient(config), deployment.TableName);
    this.evidence = new EvidenceClient(new S3Client(config), deployment.BucketName);
  }

  /** Returns the execution's ARN. The game-day's id is its name: the same id is the same game-day. */
  async start(plan: GameDayPlan): Promise<string> {
    const { executionArn } = await this.sfn.send(
      new StartExecutionCommand({
        stateMachineArn: this.deployment.GameDayMachineArn,
        name: plan.gameDayId,
        input: JSON.stringify(plan),
      }),
    );
    if (!executionArn) throw new Error('StartExecution returned no execution');
    return executionArn;
  }

  async status(executionArn: string): Promise<{ status: string; reason: string | null }> {
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

  /** @throws StopRefused with the function's own reason */
  async stop(gameDayId: string, reason: string, by: string): Promise<void> {
    const { FunctionError, Payload } = await this.lambda.send(
      new InvokeCommand({
        FunctionName: this.deployment.StopFunctionName,
        Payload: JSON.stringify({ gameDayId, reason, by }),
      }),
    );
    if (FunctionError) throw new StopRefused(gameDayId, failureReason(Buffer.from(Payload ?? []).toString()));
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
