import { Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { type CfnPrivateDnsNamespace, PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import type { Construct } from 'constructs';
import type { Images } from './images/images.ts';
import type { Mode } from './mode.ts';
import type { Network } from './network/network.ts';
import { type LoadFrom, OwnNetwork } from './network/own-network.ts';
import { type AppOn, SampleTarget } from './sample-target/sample-target.ts';

export interface SampleTargetStackProps extends StackProps {
  mode: Mode;
  images: Images;
  loadFrom: LoadFrom;
  /** The ids of the targets. */
  targets: string[];
  fragile: string;
  appOn: AppOn;
  durableCache: boolean;
  hostless?: string;
}

/** The sample application, its database and its cache, once for each target, in a network of their own. */
export class SampleTargetStack extends Stack {
  readonly network: Network;
  readonly targets: SampleTarget[];

  constructor(scope: Construct, id: string, props: SampleTargetStackProps) {
    const { mode, images, loadFrom, targets, fragile, appOn, durableCache, hostless, ...stackProps } = props;
    super(scope, id, stackProps);
    const network = new OwnNetwork(this, 'Network', { mode, loadFrom, hosts: mode === 'aws' && appOn === 'host' });
    this.network = network;
    const namespace = new PrivateDnsNamespace(this, 'Namespace', { vpc: network.vpc, name: 'faultline.internal' });
    // From when it was a part of the one target: under another id it would be made anew, which its name forbids.
    (namespace.node.defaultChild as CfnPrivateDnsNamespace).overrideLogicalId('TargetNamespace693BB7E3');
    this.targets = targets.map((targetId) => {
      const name = targetId === 'sample' ? 'Target' : `Target-${targetId}`;
      const common = { mode, network, images, namespace, fragile, appOn, durableCache, hostless };
      return new SampleTarget(this, name, { ...common, targetId });
    });
  }

  /** Chosen by CloudFormation, so that synthesis asks no account for its zones. */
  override get availabilityZones(): string[] {
    return [0, 1].map((zone) => Fn.select(zone, Fn.getAzs()));
  }
}
