import { once } from 'node:events';
import { systemClock } from '../../../lambdas/aws/clock.ts';
import { exitOf } from '../../cli/exit-status.ts';
import { type StopSignal, stopSignal } from '../../cli/stop-signal.ts';
import { terminalDisplay } from '../../cli/terminal-display.ts';
import type { LocalStack } from '../stack.ts';
import { type LocalApp, type LocalAppOptions, withLocalApp, withLocalStack } from './local-app.ts';

export interface UpOptions extends LocalAppOptions {
  /** The local AWS alone: nothing is deployed on it. */
  empty: boolean;
  json: boolean;
}

/**
 * Keeps a local stack until it is asked to end: Ctrl-C, or the end of the process that started it. Prints how it is
 * reached once it is there. Returns the exit status.
 */
export async function up(options: UpOptions): Promise<number> {
  const display = terminalDisplay(process.stderr, systemClock.now);
  const stop = stopSignal();
  const print = (reach: Record<string, string>, text: string) =>
    process.stdout.write(`${options.json ? JSON.stringify(reach) : text}\n`);
  try {
    if (options.empty) {
      await withLocalStack(display, stop, async (stack) => {
        print(reachOfStack(stack), tellStack(stack));
        await asked(stop);
      });
    } else {
      await withLocalApp(options, display, stop, async (app) => {
        print(reachOfApp(app), tellApp(app, options.target));
        await asked(stop);
      });
    }
    return exitOf.PASS;
  } catch (error) {
    display.failed((error as Error).message);
    return exitOf.ERROR;
  } finally {
    stop.dispose();
  }
}

const asked = async ({ asked: signal }: StopSignal) => {
  if (!signal.aborted) await once(signal, 'abort');
};

/** The environment by which the command line and every AWS client find it. */
const environment = (endpoint: string, region: string, keys: { accessKeyId: string; secretAccessKey: string }) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ENDPOINT_URL_S3: endpoint,
  AWS_ACCESS_KEY_ID: keys.accessKeyId,
  AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
});

const reachOfStack = ({ endpoint, region, root }: LocalStack) => environment(endpoint, region, root);
const reachOfApp = ({ endpoint, access }: LocalApp) => ({
  FAULTLINE_API: access.url,
  ...environment(endpoint, access.region, access.credentials),
});

const exportsOf = (reach: Record<string, string>) =>
  Object.entries(reach).map(([name, value]) => `export ${name}=${value}`);

const tellStack = (stack: LocalStack) =>
  [...exportsOf(reachOfStack(stack)), `# state and logs: ${stack.stateDir}; Ctrl-C stops it`].join('\n');

const tellApp = (app: LocalApp, target: string) =>
  [
    `# A local AWS with Faultline and the sample target '${target}'. Ctrl-C ends it and removes everything it made.`,
    '# In this repository the commands find it by themselves:  npx faultline run cache-failure --watch',
    '# Everything else finds it by its environment, as an operator:',
    ...exportsOf(reachOfApp(app)),
  ].join('\n');
