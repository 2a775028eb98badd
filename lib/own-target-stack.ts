import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { GivenNetwork } from './network/given-network.ts';
import type { Network } from './network/network.ts';
import type { LoadFrom } from './network/own-network.ts';
import { OwnTarget } from './targets/own-target.ts';

export interface OwnTargetStackProps extends StackProps {
  vpc?: string;
  subnets?: string[];
  loadSubnets?: string[];
  loadFrom: LoadFrom;
  endpoints: boolean;
  vpcCidr?: string;
  logins: { targetId: string; loginArn: string }[];
}

/** Targets that are not this app's: Faultline's own groups, and where wanted endpoints, in the network that they are in. */
export class OwnTargetStack extends Stack {
  readonly network: Network;
  readonly targets: OwnTarget[];

  constructor(scope: Construct, id: string, props: OwnTargetStackProps) {
    const { vpc = '', subnets = [], loadSubnets, loadFrom, endpoints, vpcCidr, logins, ...stackProps } = props;
    super(scope, id, stackProps);
    this.network = new GivenNetwork(this, 'Network', {
      vpcId: vpc,
      subnetIds: subnets,
      loadSubnetIds: loadSubnets,
      loadPublicIp: loadFrom === 'public',
      ...(endpoints && { endpointsFor: vpcCidr }),
    });
    this.targets = logins.map((login) => new OwnTarget(this, `Target-${login.targetId}`, login));
  }
}
