import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { type Clock, systemClock } from '../aws/clock.ts';
import { EcsServices } from '../aws/ecs-services.client.ts';
import { recordCalls } from '../aws/recorded-calls.ts';
import { EvidenceClient } from '../evidence/evidence.client.ts';
import type { BoundFault, FaultIo } from '../faults/fault.ts';
import { bindFault } from '../faults/registry.ts';
import { GameDaysClient } from '../game-day/game-days.client.ts';
import { Probes } from '../observer/probes.ts';
import { SafetyClient } from '../safety/safety.client.ts';
import { scenarioById } from '../scenarios/registry.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { databaseLogin } from '../target/database-login.client.ts';
import { readTarget } from '../target/target.client.ts';
import type { Target } from '../target/target.ts';
import { environment } from './environment.ts';
import type { Run } from './run.ts';
import { RunsClient } from './runs.client.ts';

/** The clients that live as long as the Lambda's execution environment. */
export interface Services {
  clock: Clock;
  runs: RunsClient;
  safety: SafetyClient;
  gameDays: GameDaysClient;
  evidence: EvidenceClient;
  target(): Promise<Target>;
}

export function services(): Services {
  const { TABLE_NAME, BUCKET_NAME, TARGET_PARAMETER } = environment('TABLE_NAME', 'BUCKET_NAME', 'TARGET_PARAMETER');
  const dynamo = new DynamoDBClient();
  const ssm = new SSMClient();
  return {
    clock: systemClock,
    runs: new RunsClient(dynamo, TABLE_NAME),
    safety: new SafetyClient(dynamo, TABLE_NAME),
    gameDays: new GameDaysClient(dynamo, TABLE_NAME),
    evidence: new EvidenceClient(new S3Client(), BUCKET_NAME),
    target: () => readTarget(ssm, TARGET_PARAMETER),
  };
}

/** Everything that a step of one run works with. */
export interface RunContext extends Services {
  run: Run;
  scenario: Scenario;
  fault: BoundFault | null;
  io: FaultIo;
}

/** @throws RunNotFound */
export async function runContext(shared: Services, runId: string): Promise<RunContext> {
  const { clock, runs } = shared;
  const run = await runs.get(runId);
  const scenario = scenarioById(run.scenario);
  const target = await shared.target();
  const secrets = new SecretsManagerClient();
  const ecs = new ECSClient();
  const scaling = new ApplicationAutoScalingClient();
  const record = runs.callRecorder(runId);
  recordCalls(ecs, 'ecs', record, clock.now);
  recordCalls(scaling, 'application-autoscaling', record, clock.now);
  return {
    ...shared,
    run,
    scenario,
    fault: scenario.fault && bindFault(scenario.fault),
    io: {
      target,
      clock,
      ecs: new EcsServices(ecs, scaling),
      probes: new Probes(target, databaseLogin(secrets, target), clock.now),
    },
  };
}
