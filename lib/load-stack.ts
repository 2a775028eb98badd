import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { LoadGenerator, type LoadGeneratorProps } from './load/load-generator.ts';

/** What a load is made of. It knows of no run: what a run's tasks need to know they are told when they start. */
export class LoadStack extends Stack {
  readonly load: LoadGenerator;

  constructor(
    scope: Construct,
    id: string,
    { network, images, workers, spot, locustFile, ...props }: LoadGeneratorProps & StackProps,
  ) {
    super(scope, id, props);
    this.load = new LoadGenerator(this, 'Load', { network, images, workers, spot, locustFile });
  }
}
