import { App, type AppProps, Aspects, CliCredentialsStackSynthesizer } from 'aws-cdk-lib';
import { z } from 'zod';
import { targetIdSchema } from '../lambdas/target/target.ts';
import { DocumentsStack } from './documents-stack.ts';
import { EmulatorScope } from './emulator/emulator-scope.ts';
import { FaultlineStack } from './faultline-stack.ts';
import { SampleTargetStack } from './sample-target-stack.ts';

const targetIds = z
  .array(
    targetIdSchema
      .refine((id) => id !== 'load', "'load' is the load generator's")
      .refine((id) => id !== 'slow-query', "'slow-query' is a fault's"),
  )
  .refine((ids) => new Set(ids).size === ids.length, 'an id is there twice');

const contextSchema = z.object({
  mode: z.enum(['aws', 'local']).default('aws'),
  /** Ids of the sample targets, separated by commas. */
  targets: z
    .string()
    .default('sample')
    .transform((ids) => ids.split(','))
    .pipe(targetIds),
  /** Switches that turn good behaviours of the sample application off; see docs/sample-app.md. */
  fragile: z.string().default(''),
  /** Where the sample application runs: as an ECS service, or on a managed host that has the target's tag. */
  appOn: z.enum(['service', 'host']).default('service'),
  /** Why it is no host, for the report, where one was wanted and could not be had. */
  hostless: z.string().max(300).optional(),
  /** Locust workers of a run. */
  workers: z.coerce.number().int().min(2).max(200).default(2),
  /** Where the operators' runbook can be read, which alarms link to. */
  runbook: z.string().default('docs/runbook.md'),
  /** Where operators reach S3, where it is not where Lambdas do: of an emulator, its address outside. */
  downloadEndpoint: z.url().optional(),
});

/**
 * The whole app from its context (`cdk deploy -c workers=10`): the same for an account and for an emulator, but for
 * what the emulator cannot do.
 */
export function faultlineApp(props: AppProps = {}): App {
  const app = new App(props);
  const {
    mode,
    targets: ids,
    fragile,
    appOn,
    hostless,
    workers,
    runbook,
    downloadEndpoint,
  } = contextSchema.parse(
    Object.fromEntries(Object.keys(contextSchema.shape).map((key) => [key, app.node.tryGetContext(key)])),
  );
  const common = {
    mode,
    env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1' },
    // With IAM enforced, the emulator's bootstrap roles may not read the asset bucket.
    ...(mode === 'local' && { synthesizer: new CliCredentialsStackSynthesizer() }),
  };
  const { network, targets } = new SampleTargetStack(app, 'FaultlineSampleTarget', {
    ...common,
    targets: ids,
    fragile,
    appOn,
    hostless,
  });
  new FaultlineStack(app, 'Faultline', { ...common, network, targets, workers, runbook, downloadEndpoint });
  if (mode === 'local') Aspects.of(app).add(new EmulatorScope());
  else new DocumentsStack(app, 'FaultlineDocuments', common);
  return app;
}
