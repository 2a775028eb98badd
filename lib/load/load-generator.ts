import { Duration } from 'aws-cdk-lib';
import {
  Cluster,
  ContainerInsights,
  CpuArchitecture,
  FargateTaskDefinition,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { VariableName } from '../../lambdas/runs/environment.ts';
import type { Images } from '../images/images.ts';
import { type Network, subnetIds } from '../network/network.ts';
import { TaskRights } from '../tasks/task-rights.ts';
import { LocustFile } from './locust-file.ts';

export interface LoadGeneratorProps {
  network: Network;
  images: Images;
  workers: number;
  /** Workers on spare capacity, which may be taken away: the run is INVALID then. */
  spot: boolean;
  /** Locust files beside the sample's: a file or folder of this machine, or `s3://bucket/key`. */
  locustFile?: string;
}

/** What the master runs; files, users, rate and address come from its environment, run by run. */
export const masterCommand = 'locust --master --headless --csv /tmp/locust --stop-timeout 5 --only-summary';

/** Locust's master and workers as task definitions; a run starts them, and they end with it. */
export class LoadGenerator extends Construct {
  /** What the functions that start and stop the load need to know. */
  readonly environment: Partial<Record<VariableName, string>>;
  /** Of the master, which writes what was measured. */
  readonly masterRole: IRole;
  private readonly rights: TaskRights;
  private readonly definitions: FargateTaskDefinition[];

  constructor(scope: Construct, id: string, props: LoadGeneratorProps) {
    super(scope, id);
    const { network, workers, spot, locustFile } = props;
    const cluster = new Cluster(this, 'Cluster', {
      vpc: network.vpc,
      clusterName: 'faultline-load',
      containerInsightsV2: ContainerInsights.ENABLED,
      ...(spot && { enableFargateCapacityProviders: true }),
    });
    this.rights = new TaskRights(cluster);
    const file = new LocustFile(this, 'LocustFile', locustFile);
    const master = this.definition('Master', props, file, masterCommand);
    const worker = this.definition('Worker', props, file, 'locust --worker --stop-timeout 5');
    this.masterRole = master.taskRole;
    this.definitions = [master, worker];
    this.environment = {
      LOAD_CLUSTER: cluster.clusterName,
      LOAD_MASTER_TASK: master.taskDefinitionArn,
      LOAD_WORKER_TASK: worker.taskDefinitionArn,
      LOAD_WORKERS: String(workers),
      LOAD_WORKER_CAPACITY: spot ? 'FARGATE_SPOT' : 'FARGATE',
      LOAD_SUBNETS: subnetIds(network.load.subnets),
      LOAD_PUBLIC_IP: network.load.publicIp ? 'ENABLED' : 'DISABLED',
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

  private definition(
    id: string,
    { images }: LoadGeneratorProps,
    file: LocustFile,
    command: string,
  ): FargateTaskDefinition {
    const definition = new FargateTaskDefinition(this, id, {
      family: `faultline-load-${id.toLowerCase()}`,
      cpu: 1024,
      memoryLimitMiB: 2048,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.X86_64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    definition.addContainer('locust', {
      image: images.of(definition, 'locust'),
      command: command.split(' '),
      environment: file.environment,
      // Time to fetch the workers' last figures and to flush what is queued.
      stopTimeout: Duration.seconds(60),
      logging: LogDrivers.awsLogs({
        streamPrefix: id.toLowerCase(),
        logGroup: new LogGroup(this, `${id}Logs`, { retention: RetentionDays.ONE_MONTH }),
      }),
    });
    file.grantRead(definition.taskRole);
    return definition;
  }
}
