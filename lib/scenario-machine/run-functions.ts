import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { VariableName } from '../../lambdas/runs/environment.ts';
import { waitLimits } from '../../lambdas/runs/run.ts';
import { grantPublishMetrics } from '../dashboards/metrics.ts';
import { uploadEndpoint } from '../emulator/upload-endpoint.ts';
import { FaultlineFunction } from '../functions/faultline-function.ts';
import type { ManagedHosts } from '../hosts/managed-hosts.ts';
import { type LoadGenerator, masterCommand } from '../load/load-generator.ts';
import type { Mode } from '../mode.ts';
import type { Network } from '../network/network.ts';
import type { Notifications } from '../notifications/notifications.ts';
import { grantReadAlarms } from '../safety/alarms.ts';
import type { SlowQueryTasks } from '../slow-query/slow-query-tasks.ts';
import type { EvidenceBucket } from '../store/evidence-bucket.ts';
import type { RunsTable } from '../store/runs-table.ts';
import type { Targets } from '../targets/targets.ts';
import { version } from '../version.ts';

export interface RunFunctionsProps {
  mode: Mode;
  network: Network;
  targets: Targets;
  table: RunsTable;
  evidence: EvidenceBucket;
  load: LoadGenerator;
  hosts: ManagedHosts;
  slowQuery: SlowQueryTasks;
  notifications: Notifications;
}

/** The Lambdas that are the states of a scenario machine, each with a role of its own. */
export class RunFunctions extends Construct {
  readonly prepare: FaultlineFunction;
  readonly startLoad: FaultlineFunction;
  readonly stopLoad: FaultlineFunction;
  readonly watch: FaultlineFunction;
  readonly observe: FaultlineFunction;
  readonly inject: FaultlineFunction;
  readonly proveLanded: FaultlineFunction;
  readonly revert: FaultlineFunction;
  readonly proveGone: FaultlineFunction;
  readonly verify: FaultlineFunction;
  readonly keepTelemetry: FaultlineFunction;
  readonly analyse: FaultlineFunction;
  readonly publish: FaultlineFunction;
  readonly recordError: FaultlineFunction;
  readonly release: FaultlineFunction;
  readonly takeOver: FaultlineFunction;
  private readonly props: RunFunctionsProps;
  private readonly securityGroup: ISecurityGroup;

  constructor(scope: Construct, id: string, props: RunFunctionsProps) {
    super(scope, id);
    this.props = props;
    const { mode, targets, evidence, load, hosts, slowQuery, notifications } = props;
    this.securityGroup = props.network.securityGroup('FunctionTraffic', 'Nothing comes in', []);

    this.prepare = this.step('Prepare', 'prepare/prepare');
    this.startLoad = this.step('StartLoad', 'load/start-load', {
      environment: { ...load.environment, ...uploadEndpoint(mode) },
    });
    this.stopLoad = this.step('StopLoad', 'load/stop-load', { environment: load.environment });
    this.watch = this.step('Watch', 'watch/watch');
    this.observe = this.step('Observe', 'observer/observe', { reachesTarget: true, seconds: 150 });
    const faulting = { reachesTarget: true, environment: slowQuery.environment };
    this.inject = this.step('Inject', 'faults/inject', { ...faulting, seconds: waitLimits.inject });
    this.proveLanded = this.step('ProveLanded', 'faults/prove-landed', faulting);
    this.revert = this.step('Revert', 'faults/revert', faulting);
    this.proveGone = this.step('ProveGone', 'faults/prove-gone', faulting);
    this.verify = this.step('Verify', 'verify/verify', { reachesTarget: true, seconds: 300 });
    const executions = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: 'faultline-',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.keepTelemetry = this.step('KeepTelemetry', 'telemetry/keep-telemetry', { seconds: 150 });
    this.analyse = this.step('Analyse', 'finish/analyse', {
      seconds: 300,
      // With as much as a million users' windows take, and a whole processor: docs/scale.md.
      memory: 2048,
      environment: { LOAD_COMMAND: masterCommand, SCENARIO_EXECUTIONS: executions, FAULTLINE_VERSION: version },
    });
    this.analyse.addToRolePolicy(
      new PolicyStatement({ actions: ['states:GetExecutionHistory'], resources: [`${executions}*:*`] }),
    );
    this.publish = this.step('Publish', 'finish/publish', { environment: { TOPIC_ARN: notifications.topicArn } });
    this.recordError = this.step('RecordError', 'finish/record-error');
    this.release = this.step('Release', 'finish/release');
    this.takeOver = this.step('TakeOver', 'safety/take-over');

    for (const fn of [this.startLoad, this.stopLoad]) load.grantRun(fn);
    for (const fn of [this.inject, this.revert]) targets.grantScale(fn);
    for (const fn of [this.prepare, this.proveLanded, this.proveGone]) targets.grantDescribe(fn);
    for (const fn of [this.observe, this.inject, this.proveLanded, this.revert, this.proveGone])
      targets.grantDatabaseLogin(fn);
    for (const fn of [this.prepare, this.revert, this.proveGone]) hosts.grantFind(fn);
    hosts.grantSend(this.startLoad, 'Faultline-Sampler');
    evidence.grantPut(this.startLoad);
    hosts.grantRun(this.stopLoad, 'Faultline-Revert');
    hosts.grantLook(this.stopLoad);
    hosts.grantRun(
      this.inject,
      'Faultline-NetworkLatency',
      'Faultline-MemoryPressure',
      'Faultline-CpuSaturation',
      'Faultline-ProcessKill',
      'Faultline-Status',
      'Faultline-Revert',
    );
    hosts.grantRun(this.revert, 'Faultline-Revert');
    for (const fn of [this.proveLanded, this.proveGone]) hosts.grantRun(fn, 'Faultline-Status');
    slowQuery.grantStart(this.inject);
    // An injection that is overtaken by the revert undoes itself.
    for (const fn of [this.inject, this.revert]) slowQuery.grantStop(fn);
    for (const fn of [this.proveLanded, this.proveGone]) slowQuery.grantFind(fn);
    for (const fn of [this.prepare, this.startLoad, this.watch, this.proveLanded]) grantReadAlarms(fn);
    for (const fn of [this.verify, this.keepTelemetry, this.analyse]) evidence.grantReadWrite(fn);
    targets.grantReadLogs(this.keepTelemetry);
    targets.grantReadMetrics(this.keepTelemetry);
    evidence.grantRead(this.publish);
    notifications.grantAnnounce(this.publish);
    for (const fn of [this.watch, this.publish]) grantPublishMetrics(fn);
    // Hosts' own figures lie there.
    evidence.grantRead(this.watch);
  }

  private step(
    name: string,
    file: string,
    options: {
      environment?: Partial<Record<VariableName, string>>;
      reachesTarget?: boolean;
      seconds?: number;
      memory?: number;
    } = {},
  ): FaultlineFunction {
    const { mode, network, targets, table, evidence, load } = this.props;
    const fn = new FaultlineFunction(this, name, {
      handler: `${file}.lambda.ts`,
      timeout: Duration.seconds(options.seconds ?? 90),
      memory: options.memory,
      environment: {
        TABLE_NAME: table.tableName,
        BUCKET_NAME: evidence.bucketName,
        TARGETS_PATH: targets.path,
        FAULTLINE_MODE: mode,
        ...(name === 'Prepare' && { LOAD_WORKERS: load.environment.LOAD_WORKERS }),
        ...options.environment,
      },
      ...(options.reachesTarget && { inVpc: { network, securityGroup: this.securityGroup } }),
    });
    table.grantReadWrite(fn);
    targets.grantReadConfiguration(fn);
    return fn;
  }
}
