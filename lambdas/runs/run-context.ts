import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { type Clock, systemClock } from '../aws/clock.ts';
import { EcsServices } from '../aws/ecs-services.client.ts';
import { type RecordedCall, recordCalls } from '../aws/recorded-calls.ts';
import { EvidenceClient } from '../evidence/evidence.client.ts';
import type { BoundFault, FaultIo } from '../faults/fault.ts';
import { bindFault } from '../faults/registry.ts';
import { GameDaysClient } from '../game-day/game-days.client.ts';
import { Hosts } from '../hosts/hosts.client.ts';
import { recordedCommands } from '../hosts/recorded-commands.ts';
import { Probes } from '../observer/probes.ts';
import { AlarmsClient } from '../safety/alarms.client.ts';
import { LeasesClient } from '../safety/leases.client.ts';
import { LeverClient } from '../safety/lever.client.ts';
import { UndoRecordsClient } from '../safety/undo-records.client.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { scenarioFor } from '../scenarios/scenario-for.ts';
import { slowQueryIo } from '../slow-query/slow-query-io.ts';
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
  leases: LeasesClient;
  undoRecords: UndoRecordsClient;
  lever: LeverClient;
  alarms: AlarmsClient;
  gameDays: GameDaysClient;
  evidence: EvidenceClient;
  /** @throws TargetNotFound, TargetInvalid */
  target(id: string): Promise<Target>;
}

export function services(): Services {
  const { TABLE_NAME, BUCKET_NAME, TARGETS_PATH } = environment('TABLE_NAME', 'BUCKET_NAME', 'TARGETS_PATH');
  const dynamo = new DynamoDBClient();
  const ssm = new SSMClient();
  return {
    clock: systemClock,
    runs: new RunsClient(dynamo, TABLE_NAME),
    leases: new LeasesClient(dynamo, TABLE_NAME, systemClock),
    undoRecords: new UndoRecordsClient(dynamo, TABLE_NAME),
    lever: new LeverClient(dynamo, TABLE_NAME, systemClock),
    alarms: new AlarmsClient(new CloudWatchClient()),
    gameDays: new GameDaysClient(dynamo, TABLE_NAME),
    evidence: new EvidenceClient(new S3Client(), BUCKET_NAME),
    target: (id) => readTarget(ssm, TARGETS_PATH, id),
  };
}

/** What faults work with on this target; each call that changes something goes to `record` before it is believed. */
export function faultIo(target: Target, clock: Clock, record: (call: RecordedCall) => Promise<void>): FaultIo {
  const ecs = new ECSClient();
  const scaling = new ApplicationAutoScalingClient();
  const ssm = new SSMClient();
  recordCalls(ecs, 'ecs', record, clock.now);
  recordCalls(scaling, 'application-autoscaling', record, clock.now);
  recordCalls(ssm, 'ssm', recordedCommands(record), clock.now);
  const login = databaseLogin(new SecretsManagerClient(), target);
  return {
    target,
    clock,
    ecs: new EcsServices(ecs, scaling),
    hosts: new Hosts(ssm, clock),
    slowQuery: slowQueryIo(ecs, target, login),
    probes: new Probes(target, login, clock.now),
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
  const scenario = scenarioFor(run.target, run.scenario, run.overrides);
  return {
    ...shared,
    run,
    scenario,
    fault: scenario.fault && bindFault(scenario.fault),
    io: faultIo(run.target, clock, runs.callRecorder(runId)),
  };
}
