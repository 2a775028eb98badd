import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AppOn } from '../../../lib/sample-target/sample-target.ts';
import { runCommand } from '../setup/run-command.ts';
import { repository } from '../setup/setup.ts';
import type { LocalAws } from '../stack.ts';

const outputsSchema = z.object({
  Faultline: z.object({
    TableName: z.string(),
    BucketName: z.string(),
    GameDayMachineArn: z.string(),
    ApiUrl: z.url(),
    TopicArn: z.string(),
    OperatorPolicyArn: z.string(),
  }),
});
export type Deployment = z.infer<typeof outputsSchema>['Faultline'];

export interface DeployOptions {
  fragile: string;
  /** A configuration's target in place of the sample targets. */
  configured?: { config: string; password: string };
  /** Ids of the sample targets; `sample` alone when left out. */
  targets?: string[];
  /** Where their applications run. On hosts: `startSampleHost` boots each one's. Default `service`. */
  appOn?: AppOn;
  /** `dry-run`: nothing is ever started. Default `real`. */
  starts?: 'real' | 'dry-run';
  /** Why that is no host where one was wanted, for the report. */
  hostless?: string | null;
  onProgress: (text: string) => void;
  signal?: AbortSignal;
}

const longestReason = 300;

/** Deploys the app with the CDK's own CLI, as one would to an account. @throws CommandFailed */
export async function deploy(
  aws: LocalAws,
  {
    fragile,
    configured,
    targets = ['sample'],
    appOn = 'service',
    starts = 'real',
    hostless,
    onProgress,
    signal,
  }: DeployOptions,
): Promise<Deployment> {
  // Should this process be killed, the CLI must not go on by itself and write into a folder that is nobody's any more.
  const cdk = ['setpriv', '--pdeathsig', 'KILL', '--', join(repository, 'node_modules', '.bin', 'cdk')];
  const output = join(aws.stateDir, 'cdk.out');
  const outputs = join(aws.stateDir, 'outputs.json');
  const settings = {
    ...{ mode: 'local', fragile, targets: targets.join(','), appOn, starts, downloadEndpoint: aws.endpoint },
    ...configured,
    ...(hostless && { hostless: hostless.slice(0, longestReason) }),
  };
  const context = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const env = environmentFor(aws);
  const run = (cwd: string, ...argv: string[]) =>
    runCommand([...cdk, ...argv, '--no-notices'], { env, cwd, signal, onLine: (line) => tell(line, onProgress) });
  onProgress('bootstrapping');
  // Where there is no app: in its folder the CLI would synthesize the whole of it just to bootstrap.
  await run(aws.stateDir, 'bootstrap', `aws://${aws.account}/${aws.region}`);
  onProgress('bundling the Lambdas');
  const deployment = ['--require-approval', 'never', '--method', 'direct', '--progress', 'events'];
  await run(
    repository,
    ...['deploy', '--all', ...context, ...deployment, '--output', output, '--outputs-file', outputs],
  );
  const { Faultline } = outputsSchema.parse(JSON.parse(readFileSync(outputs, 'utf8')));
  return { ...Faultline, ApiUrl: localApiUrl(aws.endpoint, Faultline.ApiUrl) };
}

/** Where the emulator answers for `https://<id>.execute-api.<region>.amazonaws.com/<stage>`. */
function localApiUrl(endpoint: string, url: string): string {
  const { hostname, pathname } = new URL(url);
  return `${endpoint}/_aws/execute-api/${hostname.split('.')[0]}${pathname}`;
}

/** The CLI's environment, in which a person's own AWS settings, proxies and home folder have no part. */
function environmentFor(aws: LocalAws): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !/^(AWS|CDK)_|_PROXY$/i.test(name));
  // It remembers in its home, for ever, every access key's account; this key is made anew for each run.
  const home = join(aws.stateDir, 'cdk-home');
  return {
    ...Object.fromEntries(others),
    HOME: home,
    CDK_HOME: home,
    NODE_COMPILE_CACHE: join(repository, '.faultline', 'cache', 'node'),
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ENDPOINT_URL_S3: aws.endpoint,
    AWS_ACCESS_KEY_ID: aws.root.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.root.secretAccessKey,
    AWS_REGION: aws.region,
    AWS_DEFAULT_REGION: aws.region,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CI: 'true',
  };
}

/** Of the CLI's many lines, those that tell how far it is. */
function tell(line: string, onProgress: (text: string) => void): void {
  const resource = /\|\s+(\d+(?:\/\d+)?) \|.*CREATE_COMPLETE\s+\|\s+(\S+)/.exec(line);
  if (resource) onProgress(`${resource[1]} ${resource[2]}`);
  else if (/^\S+: (deploying|creating)/.test(line)) onProgress(line);
}
