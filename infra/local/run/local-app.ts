import { GameDayOperator } from '../../../lambdas/operator/game-day-operator.ts';
import type { Display } from '../../cli/display.ts';
import type { StopSignal } from '../../cli/stop-signal.ts';
import { endpointFromEnvironment } from '../given-endpoint.ts';
import { hostUnavailable } from '../host/unavailable.ts';
import { python, setup } from '../setup/setup.ts';
import { type LocalAws, type LocalStack, startLocalStack } from '../stack.ts';
import { type Deployment, deploy } from './deploy.ts';
import { operatorName, withGivenAws } from './given-aws.ts';
import { contextOf, type LocalConfig, stackOptionsOf, untilConfiguredHealthy } from './local-config.ts';
import { type Credentials, createOperator, removeOperator } from './operator.ts';
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
}
type Work<T> = (app: LocalApp) => Promise<T>;

const noHostThere =
  'a managed host is started by the local stack of this repository, and FAULTLINE_ENDPOINT names another';

/**
 * Set-up, the deployment on a stack of its own or on the AWS that FAULTLINE_ENDPOINT names, then `work` as an operator.
 * Whatever happens, nothing that this process started keeps running. While it works, other terminals find the operator's
 * way in through a file in the state folder.
 * @returns what `work` returns, or null when it was stopped before
 */
export function withLocalApp<T>(
  options: LocalAppOptions,
  display: Display,
  stop: StopSignal,
  work: Work<T>,
): Promise<T | null> {
  const endpoint = endpointFromEnvironment();
  return endpoint === null
    ? withOwnApp(options, display, stop, work)
    : withGivenApp(endpoint, options, display, stop, work);
}

/** On a stack of its own: the application, too, is started here, by configuration or as the sample. */
export async function withOwnApp<T>(
  options: LocalAppOptions,
  display: Display,
  stop: StopSignal,
  work: (app: LocalApp, stack: LocalStack) => Promise<T>,
): Promise<T | null> {
  const { config } = options;
  const own = config ? stackOptionsOf(config) : {};
  return withLocalStack(
    display,
    stop,
    async (stack) => {
      // Set-up has made what a host needs only now.
      const hostless = config ? null : hostUnavailable();
      const deployment = await deployed(stack, options, hostless, display, stop);
      if (!deployment) return null;
      if (config) await startApplication(stack, config, display);
      else await startHost(stack, options, hostless, display);
      const credentials = await createOperator(stack, deployment.OperatorPolicyArn);
      const app = appOf(stack, deployment, credentials);
      return stop.asked.aborted ? null : work(app, stack);
    },
    own,
  );
}

/** The deployment stays there; its operator goes. */
async function withGivenApp<T>(
  endpoint: string,
  options: LocalAppOptions,
  display: Display,
  stop: StopSignal,
  work: Work<T>,
): Promise<T | null> {
  if (!(await isSetUp(display, stop))) return null;
  display.step('AWS of FAULTLINE_ENDPOINT');
  return withGivenAws(endpoint, async (aws) => {
    display.done(`${aws.endpoint}, account ${aws.account}`);
    const deployment = await deployed(aws, options, noHostThere, display, stop);
    if (!deployment) return null;
    const name = operatorName();
    const credentials = await createOperator(aws, deployment.OperatorPolicyArn, name);
    try {
      return await Promise.race([work(appOf(aws, deployment, credentials)), insistedOn(stop)]);
    } finally {
      await removeOperator(aws, deployment.OperatorPolicyArn, name, credentials);
    }
  });
}

/** Set-up and the stack, with nothing deployed on it; whatever happens, nothing of it keeps running. */
export async function withLocalStack<T>(
  display: Display,
  stop: StopSignal,
  work: (stack: LocalStack) => Promise<T>,
  own: ReturnType<typeof stackOptionsOf> = {},
): Promise<T | null> {
  if (!(await isSetUp(display, stop))) return null;
  display.step('Local AWS');
  const stack = await startLocalStack({ ...own, python, onProgress: (text) => display.update(text) });
  try {
    display.done(stack.endpoint);
    const died = stack.died.then((reason) => Promise.reject(new Error(`the local stack ended: ${reason}`)));
    return await Promise.race([work(stack), died, insistedOn(stop)]);
  } finally {
    display.step('Ending everything that was started');
    await stack.stop();
    display.done();
  }
}

/** False when it was stopped. */
async function isSetUp(display: Display, stop: StopSignal): Promise<boolean> {
  display.step('Set-up');
  try {
    await setup((text) => display.update(text), stop.asked);
  } catch (error) {
    if (!stop.asked.aborted) throw error;
  }
  if (stop.asked.aborted) return false;
  display.done();
  return true;
}

/** Rejects when somebody wants it ended at once. */
const insistedOn = ({ insisted }: StopSignal) =>
  new Promise<never>((_, reject) => {
    insisted.addEventListener('abort', () => reject(new Error('ended at once, as asked')), { once: true });
  });

/** Null when it was stopped before it was done. @param hostless why the sample's application runs as a service */
async function deployed(
  aws: LocalAws,
  { fragile, target, config }: LocalAppOptions,
  hostless: string | null,
  display: Display,
  stop: StopSignal,
): Promise<Deployment | null> {
  display.step('Deployment');
  const appOn = hostless === null ? 'host' : 'service';
  const configured = config && contextOf(config);
  const onProgress = (text: string) => display.update(text);
  try {
    const { asked: signal } = stop;
    const deployment = await deploy(aws, {
      ...{ fragile, targets: [target], appOn, hostless, configured, onProgress, signal },
    });
    display.done();
    return stop.asked.aborted ? null : deployment;
  } catch (error) {
    if (stop.asked.aborted) return null;
    throw error;
  }
}

function appOf(aws: LocalAws, deployment: Deployment, credentials: Credentials): LocalApp {
  const { endpoint, region } = aws;
  const operator = new GameDayOperator(deployment, { endpoint, region, credentials, forcePathStyle: true });
  const access = { url: deployment.ApiUrl, region, credentials };
  writeOperatorFile(aws.stateDir, access);
  return { operator, access, endpoint };
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
