import { Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import type { Construct } from 'constructs';
import { localNames } from './config/compile.ts';
import type { FaultlineConfig } from './config/faultline-config.ts';
import { LocalTarget } from './local-target/local-target.ts';
import type { Mode } from './mode.ts';
import type { Network } from './network/network.ts';
import { OwnNetwork } from './network/own-network.ts';

export interface LocalTargetStackProps extends StackProps {
  mode: Mode;
  config: FaultlineConfig;
  password: string;
}

/** The target of a configuration, started on this machine. */
export class LocalTargetStack extends Stack {
  readonly network: Network;
  readonly targets: LocalTarget[];

  constructor(scope: Construct, id: string, { mode, config, password, ...props }: LocalTargetStackProps) {
    super(scope, id, props);
    const network = new OwnNetwork(this, 'Network', { mode, loadFrom: 'private', hosts: false });
    const { domain } = localNames(config.id);
    const namespace = new PrivateDnsNamespace(this, 'Namespace', { vpc: network.vpc, name: domain });
    this.network = network;
    this.targets = [new LocalTarget(this, 'Target', { config, password, network, namespace })];
  }

  /** Chosen by CloudFormation, so that synthesis asks no account for its zones. */
  override get availabilityZones(): string[] {
    return [0, 1].map((zone) => Fn.select(zone, Fn.getAzs()));
  }
}
