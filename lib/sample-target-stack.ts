import { Fn, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Mode } from './mode.ts';
import { Network } from './network/network.ts';
import { SampleTarget } from './sample-target/sample-target.ts';

export interface SampleTargetStackProps extends StackProps {
  mode: Mode;
  fragile: string;
}

/** The sample application, its database and its cache, in a network of their own. */
export class SampleTargetStack extends Stack {
  readonly network: Network;
  readonly target: SampleTarget;

  constructor(scope: Construct, id: string, { mode, fragile, ...props }: SampleTargetStackProps) {
    super(scope, id, props);
    this.network = new Network(this, 'Network', { mode });
    this.target = new SampleTarget(this, 'Target', { network: this.network, fragile });
  }

  /** Chosen by CloudFormation, so that synthesis asks no account for its zones. */
  override get availabilityZones(): string[] {
    return [0, 1].map((zone) => Fn.select(zone, Fn.getAzs()));
  }
}
