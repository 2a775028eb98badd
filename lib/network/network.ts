import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Mode } from '../mode.ts';

const cidr = '10.42.0.0/16';

/** A VPC without a way out: what runs in it reaches AWS through endpoints and nothing else. */
export class Network extends Construct {
  readonly vpc: Vpc;

  constructor(scope: Construct, id: string, { mode }: { mode: Mode }) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(cidr),
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 20 }],
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDB: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
    const endpoints = this.securityGroup('Endpoints', 'AWS APIs', [443]);
    for (const [name, service] of Object.entries(interfaceEndpoints)) {
      this.vpc.addInterfaceEndpoint(name, { service, open: false, securityGroups: [endpoints] });
    }
    // The emulator's CloudFormation knows no flow logs.
    if (mode === 'aws') this.vpc.addFlowLog('FlowLog', { destination: FlowLogDestination.toCloudWatchLogs() });
  }

  /** A group that lets the VPC's own addresses in on these ports. */
  securityGroup(id: string, description: string, ports: number[]): ISecurityGroup {
    const group = new SecurityGroup(this, id, { vpc: this.vpc, description });
    for (const port of ports) group.addIngressRule(Peer.ipv4(cidr), Port.tcp(port), description);
    return group;
  }
}

const interfaceEndpoints = {
  Ecs: InterfaceVpcEndpointAwsService.ECS,
  ApplicationAutoScaling: InterfaceVpcEndpointAwsService.APPLICATION_AUTOSCALING,
  Ssm: InterfaceVpcEndpointAwsService.SSM,
  SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  Monitoring: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
  XRay: InterfaceVpcEndpointAwsService.XRAY,
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
};
