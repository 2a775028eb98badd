import {
  InterfaceVpcEndpoint,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
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
  /** The subnets have no way to AWS of their own. An endpoint answers for the whole VPC: one of a kind is enough. */
  endpoints: boolean;
}

/** The VPC that the target is in. Nothing of it is looked up, and nothing of it is changed but by `endpoints`. */
export class GivenNetwork extends Construct implements Network {
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  readonly load: Network['load'];

  constructor(scope: Construct, id: string, props: GivenNetworkProps) {
    super(scope, id);
    const { vpcId, subnetIds, loadSubnetIds, loadPublicIp, endpoints } = props;
    // In which zones it is is never asked: subnets are named one by one. There has to be one.
    this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones: ['not-asked'] });
    this.subnets = subnetIds.map((one) => Subnet.fromSubnetId(this, one, one));
    const subnets = loadSubnetIds?.map((one) => Subnet.fromSubnetId(this, `load-${one}`, one)) ?? this.subnets;
    this.load = { subnets, publicIp: loadPublicIp };
    if (endpoints) this.addEndpoints();
  }

  /** Lets in what is in the same group. */
  securityGroup(id: string, description: string, ports: number[]): ISecurityGroup {
    const group = new SecurityGroup(this, id, { vpc: this.vpc, description });
    for (const port of ports) group.connections.allowInternally(Port.tcp(port), description);
    return group;
  }

  private addEndpoints(): void {
    const { vpc, subnets } = this;
    const group = new SecurityGroup(this, 'Endpoints', { vpc, description: 'AWS APIs' });
    group.connections.allowFromAnyIpv4(Port.tcp(443), 'whatever is in the VPC: an endpoint has no public address');
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
