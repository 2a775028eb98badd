import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { VariableName } from '../lambdas/runs/environment.ts';
import { availableScenarios } from '../lambdas/scenarios/registry.ts';
import { Api } from './api/api.ts';
import { DatabaseDump } from './backup/database-dump.ts';
import { Checklist } from './checklist/checklist.ts';
import { GameDay } from './game-day/game-day.ts';
import { ManagedHosts } from './hosts/managed-hosts.ts';
import type { Images } from './images/images.ts';
import type { LoadGenerator } from './load/load-generator.ts';
import type { Mode } from './mode.ts';
import type { Network } from './network/network.ts';
import { Notifications } from './notifications/notifications.ts';
import { OperatorPolicy } from './operator/operator-policy.ts';
import { CleanUp } from './safety/clean-up.ts';
import { Reaper } from './safety/reaper.ts';
import { RunFunctions } from './scenario-machine/run-functions.ts';
import { ScenarioMachine } from './scenario-machine/scenario-machine.ts';
import { Schedules } from './schedules/schedules.ts';
import { SlowQueryTasks } from './slow-query/slow-query-tasks.ts';
import { EvidenceBucket } from './store/evidence-bucket.ts';
import { RunsTable } from './store/runs-table.ts';
import { type TargetRights, Targets } from './targets/targets.ts';

export interface FaultlineStackProps extends StackProps {
  mode: Mode;
  network: Network;
  targets: TargetRights[];
  load: LoadGenerator;
  images: Images;
  /** `dry-run`: nothing is ever started. */
  starts: 'real' | 'dry-run';
  /** Where operators reach S3, where it is not where Lambdas do. */
  downloadEndpoint?: string;
}

/** The chaos service: its state machines, their Lambdas, the load generator and what they keep. */
export class FaultlineStack extends Stack {
  readonly table: RunsTable;
  readonly evidence: EvidenceBucket;
  /** What every function knows. */
  readonly variables: Partial<Record<VariableName, string>>;

  constructor(scope: Construct, id: string, props: FaultlineStackProps) {
    super(scope, id, props);
    const { mode, network, targets: all, load, images, starts, downloadEndpoint } = props;
    const targets = new Targets(this, 'Targets', all);
    const table = new RunsTable(this, 'Runs');
    const evidence = new EvidenceBucket(this, 'Evidence');
    this.table = table;
    this.evidence = evidence;
    const notifications = new Notifications(this, 'Notifications');
    // From here, so that the load's own stack needs nothing of this one.
    const loadMaster = Role.fromRoleName(this, 'LoadMaster', load.masterRole.roleName);
    table.grantPut(loadMaster);
    evidence.grantPut(loadMaster);
    const hosts = new ManagedHosts(this, 'Hosts');
    const slowQuery = new SlowQueryTasks(this, 'SlowQuery', { network, images, targets: all });
    const functions = new RunFunctions(this, 'Steps', {
      mode,
      network,
      targets,
      table,
      evidence,
      load,
      hosts,
      slowQuery,
      notifications,
    });
    const environment = {
      TABLE_NAME: table.tableName,
      BUCKET_NAME: evidence.bucketName,
      TARGETS_PATH: targets.path,
      FAULTLINE_MODE: mode,
    };
    this.variables = environment;

    const machines = new Map(
      availableScenarios.map((scenario) => [scenario, new ScenarioMachine(this, scenario.id, { scenario, functions })]),
    );
    const { machine: cleanUp } = new CleanUp(this, 'CleanUp', {
      functions,
      machines: [...machines.values()].map(({ machine }) => machine),
    });
    new DatabaseDump(this, 'DatabaseDump', { network, targets, evidence, environment });
    const checklist = new Checklist(this, 'Checklist', {
      table,
      evidence,
      targets,
      notifications,
      environment,
    });
    const gameDay = new GameDay(this, 'GameDay', {
      machines,
      table,
      evidence,
      environment,
      targets,
      checklist,
      notifications,
    });
    new Reaper(this, 'Reaper', { cleanUp, table, load, hosts, environment });
    const starting = {
      ...{ gameDay: gameDay.machine, table, targets, hosts },
      environment: { ...environment, ...(starts === 'dry-run' && { STARTS: starts }) },
    };
    const schedules = new Schedules(this, 'Schedules', { ...starting, notifications });
    const api = new Api(this, 'Api', {
      ...starting,
      evidence,
      schedules,
      environment: { ...starting.environment, ...(downloadEndpoint && { DOWNLOAD_ENDPOINT: downloadEndpoint }) },
    });
    const operator = new OperatorPolicy(this, 'Operator', {
      api,
      gameDay: gameDay.machine,
      table,
      evidence,
    });

    new CfnOutput(this, 'TableName', { value: table.tableName });
    new CfnOutput(this, 'BucketName', { value: evidence.bucketName });
    new CfnOutput(this, 'GameDayMachineArn', { value: gameDay.machine.stateMachineArn });
    new CfnOutput(this, 'ApiUrl', { value: api.url });
    new CfnOutput(this, 'TopicArn', { value: notifications.topicArn });
    new CfnOutput(this, 'OperatorPolicyArn', { value: operator.policy.managedPolicyArn });
  }
}
