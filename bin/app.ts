import { App, Aspects, CliCredentialsStackSynthesizer } from 'aws-cdk-lib';
import { z } from 'zod';
import { EmulatorEcsScope } from '../lib/emulator/emulator-scope.ts';
import { FaultlineStack } from '../lib/faultline-stack.ts';
import { SampleTargetStack } from '../lib/sample-target-stack.ts';

const app = new App();
const context = z
  .object({
    mode: z.enum(['aws', 'local']).default('aws'),
    /** Switches of the sample application; see docs/sample-app.md. */
    fragile: z.string().default(''),
    workers: z.coerce.number().int().min(2).max(200).default(2),
  })
  .parse(Object.fromEntries(['mode', 'fragile', 'workers'].map((key) => [key, app.node.tryGetContext(key)])));

const props = {
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1' },
  // With IAM enforced, the emulator's bootstrap roles may not read the asset bucket.
  ...(context.mode === 'local' && { synthesizer: new CliCredentialsStackSynthesizer() }),
};
const sample = new SampleTargetStack(app, 'FaultlineSampleTarget', { ...props, mode: context.mode, fragile: context.fragile });
new FaultlineStack(app, 'Faultline', {
  ...props,
  mode: context.mode,
  network: sample.network,
  target: sample.target,
  workers: context.workers,
});
if (context.mode === 'local') Aspects.of(app).add(new EmulatorEcsScope());
