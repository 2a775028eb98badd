import {
  InterfaceVpcEndpoint,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  Subnet,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { interfaceEndpoints } from './endpoints.ts';
import type { Network } from './network.ts';

export interface GivenNetworkProps {
  vpcId: string;
  subnetIds: string[];
  /** Where the load comes from, if not from those. */
  loadSubnetIds?: string[];
  /** The load's subnets are public ones. */
  loadPublicIp: boolean;
  /**
   * Where the subnets have no way to AWS of their own: the VPC's addresses, which may use the endpoints that are made.
   * One answers for the whole VPC, so that it must let in all of it.
   */
  endpointsFor?: string;
}

/** The VPC that the target is in. Nothing of it is looked up, and nothing of it is changed but by `endpoints`. */
export class GivenNetwork extends Construct implements Network {
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  readonly load: Network['load'];

  constructor(scope: Construct, id: string, props: GivenNetworkProps) {
    super(scope, id);
    const { vpcId, subnetIds, loadSubnetIds, loadPublicIp, endpointsFor } = props;
    // In which zones it is is never asked: subnets are named one by one. There has to be one.
    this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones: ['not-asked'] });
    this.subnets = subnetIds.map((one) => Subnet.fromSubnetId(this, one, one));
    const subnets = loadSubnetIds?.map((one) => Subnet.fromSubnetId(this, `load-${one}`, one)) ?? this.subnets;
    this.load = { subnets, publicIp: loadPublicIp };
    if (endpointsFor) this.addEndpoints(endpointsFor);
  }

  /** Lets in what is in the same group. */
  securityGroup(id: string, description: string, ports: number[]): ISecurityGroup {
    const group = new SecurityGroup(this, id, { vpc: this.vpc, description });
    for (const port of ports) group.connections.allowInternally(Port.tcp(port), description);
    return group;
  }

  private addEndpoints(cidr: string): void {
    const { vpc, subnets } = this;
    const group = new SecurityGroup(this, 'Endpoints', { vpc, description: 'AWS APIs' });
    group.addIngressRule(Peer.ipv4(cidr), Port.tcp(443), 'AWS APIs');
    for (const [name, service] of Object.entries(interfaceEndpoints)) {
      new InterfaceVpcEndpoint(this, name, {
        vpc,
        service,
        open: false,
        securityGroups: [group],
        subnets: { subnets },
      });
    }
  }
}
