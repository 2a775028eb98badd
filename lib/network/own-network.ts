import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  type ISubnet,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Mode } from '../mode.ts';
import { hostEndpoints, interfaceEndpoints } from './endpoints.ts';
import type { Network } from './network.ts';

const cidr = '10.42.0.0/16';

/** Where the load comes from: subnets without a way out, or public ones for a target that is reached by the internet. */
export type LoadFrom = 'private' | 'public';

export interface OwnNetworkProps {
  mode: Mode;
  loadFrom: LoadFrom;
  /** There are managed hosts in it. */
  hosts: boolean;
}

/** A VPC whose subnets have no way out: what runs in them reaches AWS through endpoints and nothing else. */
export class OwnNetwork extends Construct implements Network {
  readonly vpc: Vpc;
  readonly subnets: ISubnet[];
  readonly load: Network['load'];

  constructor(scope: Construct, id: string, { mode, loadFrom, hosts }: OwnNetworkProps) {
    super(scope, id);
    const publicIp = loadFrom === 'public';
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(cidr),
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 20 },
        // Tasks are given their addresses one by one.
        ...(publicIp
          ? [{ name: 'Load', subnetType: SubnetType.PUBLIC, cidrMask: 22, mapPublicIpOnLaunch: false }]
          : []),
      ],
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDB: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
    this.subnets = this.vpc.isolatedSubnets;
    this.load = { subnets: publicIp ? this.vpc.publicSubnets : this.subnets, publicIp };
    const endpoints = this.securityGroup('Endpoints', 'AWS APIs', [443]);
    for (const [name, service] of Object.entries({ ...interfaceEndpoints, ...(hosts && hostEndpoints) })) {
      this.vpc.addInterfaceEndpoint(name, {
        service,
        open: false,
        securityGroups: [endpoints],
        subnets: { subnets: this.subnets },
      });
    }
    // The emulator's CloudFormation knows no flow logs.
    if (mode === 'aws') this.vpc.addFlowLog('FlowLog', { destination: FlowLogDestination.toCloudWatchLogs() });
  }

  /** Lets in the VPC's own addresses. */
  securityGroup(id: string, description: string, ports: number[]): ISecurityGroup {
    const group = new SecurityGroup(this, id, { vpc: this.vpc, description });
    for (const port of ports) group.addIngressRule(Peer.ipv4(cidr), Port.tcp(port), description);
    return group;
  }
}
