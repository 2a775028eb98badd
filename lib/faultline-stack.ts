import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { availableScenarios } from '../lambdas/scenarios/registry.ts';
import { Api } from './api/api.ts';
import { DatabaseDump } from './backup/database-dump.ts';
import { Checklist } from './checklist/checklist.ts';
import { Alarms } from './dashboards/alarms.ts';
import { Dashboard } from './dashboards/dashboard.ts';
import { LiveDashboard } from './dashboards/live-dashboard.ts';
import { GameDay } from './game-day/game-day.ts';
import { ManagedHosts } from './hosts/managed-hosts.ts';
import { LoadGenerator } from './load/load-generator.ts';
import type { Mode } from './mode.ts';
import type { Network } from './network/network.ts';
import { Notifications } from './notifications/notifications.ts';
import { OperatorPolicy } from './operator/operator-policy.ts';
import { CleanUp } from './safety/clean-up.ts';
import { Reaper } from './safety/reaper.ts';
import type { SampleTarget } from './sample-target/sample-target.ts';
import { RunFunctions } from './scenario-machine/run-functions.ts';
import { ScenarioMachine } from './scenario-machine/scenario-machine.ts';
import { Schedules } from './schedules/schedules.ts';
import { SlowQueryTasks } from './slow-query/slow-query-tasks.ts';
import { EvidenceBucket } from './store/evidence-bucket.ts';
import { RunsTable } from './store/runs-table.ts';
import { Targets } from './targets/targets.ts';

export interface FaultlineStackProps extends StackProps {
  mode: Mode;
  network: Network;
  targets: SampleTarget[];
  workers: number;
  /** Where the operators' runbook can be read. */
  runbook: string;
  /** Where operators reach S3, where it is not where Lambdas do. */
  downloadEndpoint?: string;
}

/** The chaos service: its state machines, their Lambdas, the load generator and what they keep. */
export class FaultlineStack extends Stack {
  constructor(scope: Construct, id: string, props: FaultlineStackProps) {
    super(scope, id, props);
    const { mode, network, targets: all, workers, runbook, downloadEndpoint } = props;
    const targets = new Targets(this, 'Targets', all);
    const table = new RunsTable(this, 'Runs');
    const evidence = new EvidenceBucket(this, 'Evidence');
    const notifications = new Notifications(this, 'Notifications');
    const load = new LoadGenerator(this, 'Load', { network, table, evidence, workers });
    const hosts = new ManagedHosts(this, 'Hosts');
    const slowQuery = new SlowQueryTasks(this, 'SlowQuery', { network, targets: all });
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

    const machines = new Map(
      availableScenarios.map((scenario) => [scenario, new ScenarioMachine(this, scenario.id, { scenario, functions })]),
    );
    const { machine: cleanUp } = new CleanUp(this, 'CleanUp', {
      functions,
      machines: [...machines.values()].map(({ machine }) => machine),
    });
    const dashboard = new Dashboard(this, 'Dashboard', { table, evidence, environment });
    new LiveDashboard(this, 'LiveDashboard');
    const alarms = new Alarms(this, 'Alarms', { runbook });
    new DatabaseDump(this, 'DatabaseDump', { network, targets, evidence, environment });
    const checklist = new Checklist(this, 'Checklist', {
      table,
      evidence,
      targets,
      notifications,
      dashboard,
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
    const starting = { gameDay: gameDay.machine, table, targets, hosts, environment };
    const schedules = new Schedules(this, 'Schedules', { ...starting, notifications });
    const api = new Api(this, 'Api', {
      ...starting,
      evidence,
      schedules,
      environment: { ...environment, ...(downloadEndpoint && { DOWNLOAD_ENDPOINT: downloadEndpoint }) },
    });
    const operator = new OperatorPolicy(this, 'Operator', {
      api,
      gameDay: gameDay.machine,
      table,
      evidence,
      dashboard,
    });

    new CfnOutput(this, 'TableName', { value: table.tableName });
    new CfnOutput(this, 'BucketName', { value: evidence.bucketName });
    new CfnOutput(this, 'GameDayMachineArn', { value: gameDay.machine.stateMachineArn });
    new CfnOutput(this, 'ApiUrl', { value: api.url });
    new CfnOutput(this, 'TopicArn', { value: notifications.topicArn });
    new CfnOutput(this, 'AlarmTopicArn', { value: alarms.topicArn });
    new CfnOutput(this, 'OperatorPolicyArn', { value: operator.policy.managedPolicyArn });
  }
}
