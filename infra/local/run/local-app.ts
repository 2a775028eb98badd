import { GameDayOperator } from '../../../lambdas/operator/game-day-operator.ts';
import type { Display } from '../../cli/display.ts';
import type { StopSignal } from '../../cli/stop-signal.ts';
import { hostUnavailable } from '../host/unavailable.ts';
import { python, setup } from '../setup/setup.ts';
import { type LocalStack, startLocalStack } from '../stack.ts';
import { type Deployment, deploy } from './deploy.ts';
import { contextOf, type LocalConfig, stackOptionsOf, untilConfiguredHealthy } from './local-config.ts';
import { createOperator } from './operator.ts';
import { type LocalOperator, writeOperatorFile } from './operator-file.ts';
import { startSampleHost } from './sample-host.ts';

export interface LocalAppOptions {
  /** The target's id. */
  target: string;
  /** Switches of the sample application that turn good behaviours off. */
  fragile: string;
  /** Where the target is not the sample application. */
  config?: LocalConfig;
}

/** What is there while `work` goes on. */
export interface LocalApp {
  operator: GameDayOperator;
  /** The operator's way in to the API. */
  access: LocalOperator;
  /** `http://127.0.0.1:<port>`, for every AWS API. */
  endpoint: string;
  stack: LocalStack;
}
type Work<T> = (app: LocalApp) => Promise<T>;

/**
 * Set-up, stack, deployment, then `work` as an operator; whatever happens, nothing of it keeps running. While it works,
 * other terminals find the operator's way in through a file in the state folder.
 * @returns what `work` returns, or null when it was stopped before
 */
export async function withLocalApp<T>(
  options: LocalAppOptions,
  display: Display,
  stop: StopSignal,
  work: Work<T>,
): Promise<T | null> {
  const own = options.config ? stackOptionsOf(options.config) : {};
  return withLocalStack(display, stop, (stack) => workOn(stack, options, display, stop, work), own);
}

/** Set-up and the stack, with nothing deployed on it; whatever happens, nothing of it keeps running. */
export async function withLocalStack<T>(
  display: Display,
  stop: StopSignal,
  work: (stack: LocalStack) => Promise<T>,
  own: ReturnType<typeof stackOptionsOf> = {},
): Promise<T | null> {
  display.step('Set-up');
  try {
    await setup((text) => display.update(text), stop.asked);
  } catch (error) {
    if (!stop.asked.aborted) throw error;
  }
  if (stop.asked.aborted) return null;
  display.done();

  display.step('Local AWS');
  const stack = await startLocalStack({ ...own, python, onProgress: (text) => display.update(text) });
  try {
    display.done(stack.endpoint);
    const died = stack.died.then((reason) => Promise.reject(new Error(`the local stack ended: ${reason}`)));
    const insisted = new Promise<never>((_, reject) => {
      stop.insisted.addEventListener('abort', () => reject(new Error('ended at once, as asked')), { once: true });
    });
    return await Promise.race([work(stack), died, insisted]);
  } finally {
    display.step('Ending everything that was started');
    await stack.stop();
    display.done();
  }
}

async function workOn<T>(
  stack: LocalStack,
  { fragile, target, config }: LocalAppOptions,
  display: Display,
  stop: StopSignal,
  work: Work<T>,
): Promise<T | null> {
  const hostless = config ? null : hostUnavailable();
  const configured = config && contextOf(config);
  display.step('Deployment');
  let deployment: Deployment;
  try {
    const onProgress = (text: string) => display.update(text);
    const appOn = hostless === null ? 'host' : 'service';
    const { asked: signal } = stop;
    deployment = await deploy(stack, { fragile, targets: [target], appOn, hostless, configured, onProgress, signal });
  } catch (error) {
    if (stop.asked.aborted) return null;
    throw error;
  }
  display.done();
  if (stop.asked.aborted) return null;
  if (config) await startApplication(stack, config, display);
  else await startHost(stack, { fragile, target }, hostless, display);
  const { endpoint, region } = stack;
  const credentials = await createOperator(stack, deployment.OperatorPolicyArn);
  const operator = new GameDayOperator(deployment, { endpoint, region, credentials, forcePathStyle: true });
  const access = { url: deployment.ApiUrl, region, credentials };
  writeOperatorFile(stack.stateDir, access);
  return stop.asked.aborted ? null : work({ operator, access, endpoint, stack });
}

async function startApplication(stack: LocalStack, config: LocalConfig, display: Display): Promise<void> {
  display.step('Application');
  display.update('waiting until it is healthy');
  await untilConfiguredHealthy(stack, config);
  display.done('healthy');
}

/** The application's host; without one the application runs as a service, and host scenarios are left out. */
async function startHost(
  stack: LocalStack,
  { fragile, target }: LocalAppOptions,
  hostless: string | null,
  display: Display,
): Promise<void> {
  display.step('Managed host');
  if (hostless !== null) return display.done(`none on this machine: ${hostless}`);
  const onProgress = (text: string) => display.update(text);
  const { address, bootSeconds } = await startSampleHost(stack, target, { fragile, onProgress });
  display.done(`${address}, booted in ${bootSeconds.toFixed(1)} s`);
}
