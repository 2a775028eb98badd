import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials } from '../../infra/local/run/operator.ts';

export interface SigningRelay {
  /** On loopback, without a slash at its end. */
  url: string;
  close(): Promise<void>;
}

/** For clients that cannot sign: sends their requests on to an API in somebody's name (SigV4), and its answers back as they are. */
export async function startSigningRelay(api: string, region: string, credentials: Credentials): Promise<SigningRelay> {
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });
  const server = createServer(async (request, response) => {
    const url = new URL(`${api}${request.url}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined;
    // What belongs to one connection, and what the relay says itself, is not sent on.
    const { host: _, connection, 'content-length': __, 'transfer-encoding': ___, ...own } = request.headers;
    const query = Object.fromEntries([...new Set(url.searchParams.keys())].map((k) => [k, url.searchParams.getAll(k)]));
    const headers = { ...(own as Record<string, string>), host: url.host };
    const { method = 'GET' } = request;
    const signed = await signer.sign(
      new HttpRequest({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query,
        headers,
        body,
      }),
    );
    const answer = await fetch(url, { method, headers: signed.headers, body, redirect: 'manual' });
    const { 'content-encoding': ____, ...kept } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, kept).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}
