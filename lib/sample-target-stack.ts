import { Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { type CfnPrivateDnsNamespace, PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import type { Construct } from 'constructs';
import type { Mode } from './mode.ts';
import { Network } from './network/network.ts';
import { type AppOn, SampleTarget } from './sample-target/sample-target.ts';

export interface SampleTargetStackProps extends StackProps {
  mode: Mode;
  /** The ids of the targets. */
  targets: string[];
  fragile: string;
  appOn: AppOn;
  hostless?: string;
}

/** The sample application, its database and its cache, once for each target, in a network of their own. */
export class SampleTargetStack extends Stack {
  readonly network: Network;
  readonly targets: SampleTarget[];

  constructor(
    scope: Construct,
    id: string,
    { mode, targets, fragile, appOn, hostless, ...props }: SampleTargetStackProps,
  ) {
    super(scope, id, props);
    this.network = new Network(this, 'Network', { mode });
    const namespace = new PrivateDnsNamespace(this, 'Namespace', { vpc: this.network.vpc, name: 'faultline.internal' });
    // From when it was a part of the one target: under another id it would be made anew, which its name forbids.
    (namespace.node.defaultChild as CfnPrivateDnsNamespace).overrideLogicalId('TargetNamespace693BB7E3');
    this.targets = targets.map((targetId) => {
      const name = targetId === 'sample' ? 'Target' : `Target-${targetId}`;
      return new SampleTarget(this, name, { targetId, network: this.network, namespace, fragile, appOn, hostless });
    });
  }

  /** Chosen by CloudFormation, so that synthesis asks no account for its zones. */
  override get availabilityZones(): string[] {
    return [0, 1].map((zone) => Fn.select(zone, Fn.getAzs()));
  }
}
