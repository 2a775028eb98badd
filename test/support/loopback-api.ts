import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import type { ApiHandler } from '../../lambdas/api/api.ts';

export interface LoopbackApi {
  /** Ends without a slash. */
  url: string;
  close(): Promise<void>;
}

/** The API's handler behind a server on loopback, which hands it requests as API Gateway does once it knows who asks. */
export async function serveApi(handler: ApiHandler, userArn: string): Promise<LoopbackApi> {
  const server = createServer(async (request, response) => {
    const event = eventOf(request, await textOf(request), userArn);
    const { statusCode, headers, body } = await handler(event, {} as Context);
    response.writeHead(statusCode, headers as Record<string, string>).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closed(server) };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('base64');
}

function eventOf(request: IncomingMessage, body: string, userArn: string): APIGatewayProxyEvent {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loopback');
  const query = Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]));
  return {
    httpMethod: request.method,
    path: pathname,
    headers: request.headers,
    multiValueQueryStringParameters: searchParams.size > 0 ? query : null,
    pathParameters: { proxy: pathname.slice(1) },
    body: body === '' ? null : body,
    isBase64Encoded: true,
    requestContext: { requestId: randomUUID(), identity: { userArn } },
  } as unknown as APIGatewayProxyEvent;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}
