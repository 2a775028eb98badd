import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials } from '../../infra/local/run/operator.ts';

export interface Request {
  method: string;
  /** Below the stage, with a slash at its beginning; may have a query. */
  path: string;
  body?: object;
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what it is, is what the tests say
  body: any;
}

/** What is sent in place of what was signed. */
interface Forgery {
  body?: object;
  headers?: (signed: Record<string, string>) => Record<string, string>;
}

/** Asks a deployed API in somebody's name (SigV4), as any client does, and tells what came of it. */
export class SignedClient {
  private readonly url: string;
  private readonly signer: SignatureV4;

  constructor(url: string, region: string, credentials: Credentials) {
    this.url = url;
    this.signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });
  }

  async send(request: Request, { body: other, headers: forged = (h) => h }: Forgery = {}): Promise<Answer> {
    const url = new URL(`${this.url}${request.path}`);
    const text = request.body && JSON.stringify(request.body);
    const signed = await this.signer.sign(
      new HttpRequest({
        method: request.method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: { host: url.host, ...(text && { 'content-type': 'application/json' }) },
        body: text,
      }),
    );
    const response = await fetch(url, {
      method: request.method,
      headers: forged(signed.headers),
      body: other ? JSON.stringify(other) : text,
      redirect: 'manual',
    });
    const answer = await response.text();
    return { status: response.status, headers: response.headers, body: answer === '' ? null : JSON.parse(answer) };
  }
}
