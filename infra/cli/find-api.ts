import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { inOneLine } from '../../lambdas/aws/one-line.ts';
import type { ApiAccess } from '../../lambdas/operator/signed-requests.client.ts';
import { portFromEnvironment } from '../local/port-from-environment.ts';
import type { LocalOperator } from '../local/run/operator-file.ts';

export class NoDeployment extends Error {
  constructor(text: string) {
    super(text);
    this.name = 'NoDeployment';
  }
}

export class NoCredentials extends Error {
  constructor(cause: Error) {
    super(
      `FAULTLINE_API is asked with AWS credentials, and there are none: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and ` +
        `AWS_SECRET_ACCESS_KEY (${inOneLine(cause.message)})`,
      { cause },
    );
    this.name = 'NoCredentials';
  }
}

/**
 * The deployment that the environment names, else what runs on this machine: `npm start` or `faultline up`.
 * @param living the operators of what runs here; null where nothing can: in an installed package
 * @throws RangeError where a variable makes no sense, NoDeployment
 */
export function findApi(env: NodeJS.ProcessEnv, living: (() => LocalOperator[]) | null): ApiAccess {
  const { FAULTLINE_API: url } = env;
  if (url) return deployed(url, env);
  if (!living) throw new NoDeployment("set FAULTLINE_API to the address of a deployment's API, its output ApiUrl");
  const port = env.FAULTLINE_PORT === undefined ? null : String(portFromEnvironment(env));
  const all = living();
  const found = all.filter((operator) => !port || new URL(operator.url).port === port);
  const [only, ...more] = found;
  if (!only) {
    const where = port ? ` at FAULTLINE_PORT ${port}` : '';
    throw new NoDeployment(
      `nothing runs here${where}: start it with npx faultline up, or set FAULTLINE_API to the address of a deployment's API`,
    );
  }
  if (more.length > 0) {
    const ports = found.map((operator) => new URL(operator.url).port).join(', ');
    throw new NoDeployment(`several local stacks run here: set FAULTLINE_PORT to one of ${ports}`);
  }
  return only;
}

function deployed(text: string, env: NodeJS.ProcessEnv): ApiAccess {
  const url = URL.parse(text);
  if (!url || url.username || url.search || url.hash || !isSafe(url)) {
    throw new RangeError(
      'FAULTLINE_API has to be the https address of an API with its stage, as in the output ApiUrl of the deployment',
    );
  }
  const region = /\.execute-api\.([a-z0-9-]+)\./.exec(url.hostname)?.[1] ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (!region) throw new RangeError('FAULTLINE_API does not say in which region it is; set AWS_REGION');
  return { url: url.href.replace(/\/+$/, ''), region, credentials: ofEnvironment(defaultProvider()) };
}

const ofEnvironment = (provider: ReturnType<typeof defaultProvider>) => () =>
  provider().catch((error: Error) => Promise.reject(new NoCredentials(error)));

/** Whoever reads a signed request may send it again for minutes. */
const isSafe = ({ protocol, hostname }: URL) =>
  protocol === 'https:' || (protocol === 'http:' && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname));
