import { Duration, Stack } from 'aws-cdk-lib';
import {
  Cluster,
  ContainerInsights,
  CpuArchitecture,
  Secret as EcsSecret,
  FargateTaskDefinition,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { type IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { VariableName } from '../../lambdas/runs/environment.ts';
import type { Images } from '../images/images.ts';
import { type Network, subnetIds } from '../network/network.ts';
import type { TargetRights } from '../targets/targets.ts';
import { TaskRights } from '../tasks/task-rights.ts';

const family = 'faultline-slow-query';

export interface SlowQueryTasksProps {
  network: Network;
  images: Images;
  targets: readonly TargetRights[];
}

/** The task whose sessions block a database: one definition for each target's login, started by the fault alone. */
export class SlowQueryTasks extends Construct {
  /** What the functions that start, find and stop it need to know. */
  readonly environment: Partial<Record<VariableName, string>>;
  private readonly rights: TaskRights;
  private readonly taskRole: Role;
  private readonly executionRole: Role;

  constructor(scope: Construct, id: string, { network, images, targets }: SlowQueryTasksProps) {
    super(scope, id);
    const cluster = new Cluster(this, 'Cluster', {
      vpc: network.vpc,
      clusterName: family,
      containerInsightsV2: ContainerInsights.ENABLED,
    });
    this.rights = new TaskRights(cluster);
    const assumedBy = new ServicePrincipal('ecs-tasks.amazonaws.com');
    // The program speaks to the database alone: its role may do nothing.
    this.taskRole = new Role(this, 'TaskRole', { assumedBy });
    this.executionRole = new Role(this, 'ExecutionRole', { assumedBy });
    const logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_MONTH });
    for (const target of targets) this.define(target, images, logGroup);
    this.environment = {
      SLOW_QUERY_CLUSTER: cluster.clusterName,
      SLOW_QUERY_FAMILY: family,
      SLOW_QUERY_SUBNETS: subnetIds(network.subnets),
      SLOW_QUERY_SECURITY_GROUP: network.securityGroup('SlowQueryTraffic', 'Nothing comes in', []).securityGroupId,
    };
  }

  grantStart(grantee: IGrantable): void {
    const definitions = [
      Stack.of(this).formatArn({ service: 'ecs', resource: 'task-definition', resourceName: `${family}-*` }),
    ];
    this.rights.grantRun(grantee, { definitions, roles: [this.taskRole, this.executionRole] });
  }

  grantFind(grantee: IGrantable): void {
    this.rights.grantFind(grantee);
  }

  grantStop(grantee: IGrantable): void {
    this.rights.grantStop(grantee);
  }

  private define({ targetId, login }: TargetRights, images: Images, logGroup: LogGroup): void {
    const definition = new FargateTaskDefinition(this, `Task-${targetId}`, {
      family: `${family}-${targetId}`,
      cpu: 256,
      memoryLimitMiB: 512,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.X86_64, operatingSystemFamily: OperatingSystemFamily.LINUX },
      taskRole: this.taskRole,
      executionRole: this.executionRole,
    });
    definition.addContainer('slow-query', {
      image: images.of(definition, 'slow-query'),
      secrets: {
        PGUSER: EcsSecret.fromSecretsManager(login, 'username'),
        PGPASSWORD: EcsSecret.fromSecretsManager(login, 'password'),
      },
      readonlyRootFilesystem: true,
      // It ends at once when it is asked to.
      stopTimeout: Duration.seconds(5),
      logging: LogDrivers.awsLogs({ streamPrefix: targetId, logGroup }),
    });
  }
}
