import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
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
  const server = createServer((incoming, response) => {
    relay(incoming, response, api, signer).catch((error: Error) => {
      // No answer of the API: the connection breaks, as it would without a relay.
      response.destroy(error);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closed(server) };
}

async function relay(incoming: IncomingMessage, response: ServerResponse, api: string, signer: SignatureV4) {
  const url = new URL(`${api}${incoming.url}`);
  const body = await buffer(incoming);
  const { method = 'GET', headers: received } = incoming;
  // What belongs to one connection is not sent on.
  const { connection: _, 'transfer-encoding': __, ...own } = received as Record<string, string>;
  const query = Object.fromEntries([...new Set(url.searchParams.keys())].map((k) => [k, url.searchParams.getAll(k)]));
  const headers = { ...own, host: url.host };
  const { protocol, hostname, pathname: path } = url;
  const signed = await signer.sign(
    new HttpRequest({ method, protocol, hostname, path, query, headers, body: body.length > 0 ? body : undefined }),
  );
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    // Not fetch(): it does not send every method.
    request(url, { method, headers: signed.headers }, resolve).on('error', reject).end(body);
  });
  response.writeHead(answer.statusCode!, answer.rawHeaders);
  answer.pipe(response);
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}
