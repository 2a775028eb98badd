import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, ISubnet } from 'aws-cdk-lib/aws-ec2';
import {
  type ContainerDefinition,
  type ContainerDefinitionOptions,
  type ContainerImage,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  type ICluster,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { DnsRecordType, type PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { Construct } from 'constructs';

export interface NamedServiceProps {
  cluster: ICluster;
  namespace: PrivateDnsNamespace;
  securityGroup: ISecurityGroup;
  subnets: ISubnet[];
  /** The service's name, and its DNS name in the namespace. */
  name: string;
  /** Made for the one task definition that uses it. */
  image(definition: FargateTaskDefinition): ContainerImage;
  port: number;
  container: Omit<ContainerDefinitionOptions, 'image' | 'logging' | 'containerName' | 'portMappings'>;
  logGroup: ILogGroup;
  /** Where its durable data are in the container. Without it a new task starts with an empty disk. */
  dataPath?: string;
}

/** One task behind a DNS name that follows it: the address changes with every restart. */
export class NamedService extends Construct {
  readonly service: FargateService;
  readonly host: string;
  readonly port: number;

  constructor(scope: Construct, id: string, props: NamedServiceProps) {
    super(scope, id);
    const definition = new FargateTaskDefinition(this, 'Task', {
      family: props.name,
      cpu: 512,
      memoryLimitMiB: 1024,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.X86_64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    const container = definition.addContainer('Container', {
      ...props.container,
      containerName: props.name,
      image: props.image(definition),
      portMappings: [{ containerPort: props.port }],
      logging: LogDrivers.awsLogs({
        streamPrefix: props.name,
        logGroup: props.logGroup,
      }),
    });
    if (props.dataPath) this.mountData(definition, container, props, props.dataPath);
    this.service = new FargateService(this, 'Service', {
      cluster: props.cluster,
      serviceName: props.name,
      taskDefinition: definition,
      desiredCount: 1,
      // One writer: the old task is gone before the new one starts.
      minHealthyPercent: 0,
      maxHealthyPercent: 100,
      circuitBreaker: { enable: true, rollback: true },
      securityGroups: [props.securityGroup],
      vpcSubnets: { subnets: props.subnets },
      cloudMapOptions: {
        name: props.name,
        cloudMapNamespace: props.namespace,
        dnsRecordType: DnsRecordType.A,
        dnsTtl: Duration.seconds(5),
      },
    });
    this.host = `${props.name}.${props.namespace.namespaceName}`;
    this.port = props.port;
  }

  private mountData(
    definition: FargateTaskDefinition,
    container: ContainerDefinition,
    { cluster, securityGroup, subnets }: NamedServiceProps,
    dataPath: string,
  ) {
    const files = new FileSystem(this, 'Data', {
      vpc: cluster.vpc,
      vpcSubnets: { subnets },
      securityGroup,
      encrypted: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    files.grantRootAccess(definition.taskRole);
    definition.addVolume({
      name: 'data',
      efsVolumeConfiguration: {
        fileSystemId: files.fileSystemId,
        transitEncryption: 'ENABLED',
        authorizationConfig: { iam: 'ENABLED' },
      },
    });
    container.addMountPoints({ sourceVolume: 'data', containerPath: dataPath, readOnly: false });
  }
}
