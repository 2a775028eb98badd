import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { inOneLine } from '../aws/one-line.ts';

/** Where a deployed API is, and who asks it. */
export interface ApiAccess {
  /** Ends with the stage, without a slash. */
  url: string;
  region: string;
  credentials: ConstructorParameters<typeof SignatureV4>[0]['credentials'];
}

/** The API said no; the message is the problem's detail, in one line. */
export class ApiRefused extends Error {
  readonly status: number;
  /** `target-leased` and the like; empty where API Gateway itself said no. */
  readonly type: string;

  constructor(status: number, type: string, detail: string) {
    super(detail);
    this.name = 'ApiRefused';
    this.status = status;
    this.type = type;
  }
}

export class ApiUnreachable extends Error {
  constructor(url: string, why: string) {
    super(`the API at ${url} could not be reached: ${why}`);
    this.name = 'ApiUnreachable';
  }
}

export interface SignedRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the stage, with a slash at its beginning. */
  path: string;
  /** What is undefined is left out. */
  query?: Record<string, string | number | undefined>;
  body?: object;
  headers?: Record<string, string>;
  /** Sent again after it may have been heard, its answer would be another one. */
  once?: boolean;
}

/** Longer than API Gateway lets its Lambda work. */
const timeoutMs = 35_000;
const passing = [429, 502, 503, 504];
/** Told before anything was done. */
const unheard = [429, 503];

/** Asks the API in the name of an IAM identity (SigV4), and again where that can help: no request of it harms twice. */
export class SignedRequests {
  private readonly access: ApiAccess;
  private readonly signer: SignatureV4;
  private readonly insistently = again(
    (e) => e instanceof ApiUnreachable || (e instanceof ApiRefused && passing.includes(e.status)),
  );
  private readonly cautiously = again((e) => e instanceof ApiRefused && unheard.includes(e.status));

  constructor(access: ApiAccess) {
    this.access = access;
    const { region, credentials } = access;
    this.signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });
  }

  /** The answer's JSON, null where it has no body. @throws ApiRefused, ApiUnreachable */
  send(request: SignedRequest): Promise<unknown> {
    const policy = request.once ? this.cautiously : this.insistently;
    return policy.execute(async () => read(await this.fetch(request)));
  }

  /** Where the answer sends one to. @throws ApiRefused, ApiUnreachable */
  locationOf(request: SignedRequest): Promise<string> {
    return this.insistently.execute(async () => {
      const response = await this.fetch(request);
      const location = response.headers.get('location');
      if (response.status === 302 && location) return location;
      await read(response);
      throw new ApiRefused(response.status, '', 'it leads nowhere: is it the address of the API?');
    });
  }

  private async fetch({ method, path, query = {}, body, headers }: SignedRequest): Promise<Response> {
    const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]]));
    const asked = Object.fromEntries(given) as Record<string, string>;
    const url = new URL(`${this.access.url}${path}`);
    url.search = new URLSearchParams(asked).toString();
    const text = body === undefined ? undefined : JSON.stringify(body);
    const signed = await this.signer.sign(
      new HttpRequest({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query: asked,
        headers: { host: url.host, ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
        body: text,
      }),
    );
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      return await fetch(url, { method, headers: signed.headers, body: text, redirect: 'manual', signal });
    } catch (error) {
      throw new ApiUnreachable(this.access.url, reasonOf(error as Error));
    }
  }
}

const again = (canHelp: (error: unknown) => boolean) =>
  retry(handleWhen(canHelp), {
    maxAttempts: 3,
    backoff: new ExponentialBackoff({ initialDelay: 200, maxDelay: 2000 }),
  });

async function read(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  const text = await response.text();
  const { value, isJson } = parsed(text);
  if (response.ok && isJson) return value;
  if (response.ok) throw new ApiRefused(response.status, '', 'its answer is not JSON: is it the address of the API?');
  const problem = (value ?? {}) as { type?: unknown; detail?: unknown; message?: unknown; Message?: unknown };
  const detail = [problem.detail, problem.message, problem.Message].find((d) => typeof d === 'string' && d !== '');
  const type = String(problem.type ?? '').replace(/^about:blank$|^urn:faultline:problem:/, '');
  throw new ApiRefused(response.status, type, inOneLine(`${detail ?? `HTTP status ${response.status}`}`));
}

function parsed(text: string): { value: unknown; isJson: boolean } {
  try {
    return { value: JSON.parse(text), isJson: true };
  } catch {
    return { value: null, isJson: false };
  }
}

/** What is wrong with the connection is in the error's cause. */
function reasonOf({ message, cause }: Error): string {
  const { message: why, code } = (cause ?? {}) as { message?: string; code?: string };
  return inOneLine(why || code || message);
}
