import { Duration } from 'aws-cdk-lib';
import { Cluster, ContainerImage, ContainerInsights, FargateTaskDefinition, LogDrivers } from 'aws-cdk-lib/aws-ecs';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { VariableName } from '../../lambdas/runs/environment.ts';
import type { Network } from '../network/network.ts';
import type { EvidenceBucket } from '../store/evidence-bucket.ts';
import type { RunsTable } from '../store/runs-table.ts';
import { TaskRights } from '../tasks/task-rights.ts';

export interface LoadGeneratorProps {
  network: Network;
  table: RunsTable;
  evidence: EvidenceBucket;
  workers: number;
}

/** What the master runs; files, users, rate and address come from its environment, run by run. */
export const masterCommand = 'locust --master --headless --csv /tmp/locust --stop-timeout 5 --only-summary';

/** Locust's master and workers as task definitions; a run starts them, and they end with it. */
export class LoadGenerator extends Construct {
  /** What the functions that start and stop the load need to know. */
  readonly environment: Partial<Record<VariableName, string>>;
  private readonly rights: TaskRights;
  private readonly definitions: FargateTaskDefinition[];

  constructor(scope: Construct, id: string, { network, table, evidence, workers }: LoadGeneratorProps) {
    super(scope, id);
    const cluster = new Cluster(this, 'Cluster', {
      vpc: network.vpc,
      clusterName: 'faultline-load',
      containerInsightsV2: ContainerInsights.ENABLED,
    });
    this.rights = new TaskRights(cluster);
    const storage = { FAULTLINE_TABLE: table.tableName, FAULTLINE_BUCKET: evidence.bucketName };
    const master = this.definition('Master', storage, masterCommand.split(' '));
    const worker = this.definition('Worker', storage, 'locust --worker --stop-timeout 5'.split(' '));
    table.grantPut(master.taskRole);
    evidence.grantPut(master.taskRole);
    this.definitions = [master, worker];
    this.environment = {
      LOAD_CLUSTER: cluster.clusterName,
      LOAD_MASTER_TASK: master.taskDefinitionArn,
      LOAD_WORKER_TASK: worker.taskDefinitionArn,
      LOAD_WORKERS: String(workers),
      LOAD_SUBNETS: network.vpc.isolatedSubnets.map((subnet) => subnet.subnetId).join(','),
      LOAD_SECURITY_GROUP: network.securityGroup('LoadTraffic', 'Locust workers to their master', [5557])
        .securityGroupId,
    };
  }

  /** Finding load tasks and ending them. */
  grantStop(grantee: IGrantable): void {
    this.rights.grantStop(grantee);
  }

  /** Starting and stopping load tasks, and passing them their roles. */
  grantRun(grantee: IGrantable): void {
    this.rights.grantRun(grantee, {
      definitions: this.definitions.map((d) => d.taskDefinitionArn),
      roles: this.definitions.flatMap((d) => [d.taskRole, d.obtainExecutionRole()]),
    });
    this.grantStop(grantee);
  }

  private definition(id: string, environment: Record<string, string>, command: string[]): FargateTaskDefinition {
    const definition = new FargateTaskDefinition(this, id, {
      family: `faultline-load-${id.toLowerCase()}`,
      cpu: 1024,
      memoryLimitMiB: 2048,
    });
    definition.addContainer('locust', {
      image: ContainerImage.fromRegistry('faultline/locust:2.47.0'),
      command,
      environment,
      // Time to fetch the workers' last figures and to flush what is queued.
      stopTimeout: Duration.seconds(60),
      logging: LogDrivers.awsLogs({
        streamPrefix: id.toLowerCase(),
        logGroup: new LogGroup(this, `${id}Logs`, { retention: RetentionDays.ONE_MONTH }),
      }),
    });
    return definition;
  }
}
