import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { type ApiHandler, apiHandler } from '../../../lambdas/api/api.ts';
import type { ApiServices } from '../../../lambdas/api/route.ts';

export const operatorArn = 'arn:aws:iam::111122223333:user/ann';

export interface ApiCall {
  method: string;
  path: string;
  /** A text is sent as it is, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  /** Who asks, as API Gateway tells it. */
  identity?: { userArn?: string | null; caller?: string | null };
}

/** A request as API Gateway hands it to the Lambda. */
export function eventOf({
  method,
  path,
  body,
  headers,
  query,
  identity = { userArn: operatorArn },
}: ApiCall): APIGatewayProxyEvent {
  return {
    httpMethod: method,
    path,
    headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
    multiValueQueryStringParameters:
      query && Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]])),
    pathParameters: { proxy: path.slice(1) },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: { requestId: 'request-1', identity },
  } as unknown as APIGatewayProxyEvent;
}

export interface ApiAnswer {
  status: number;
  headers: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: what it is, is what the tests say
  body: any;
}

export const answerOf = ({ statusCode, headers, body }: APIGatewayProxyResult): ApiAnswer => ({
  status: statusCode,
  headers: { ...headers },
  body: body === '' ? null : JSON.parse(body),
});

/** Calls the API in this process. */
export function apiOf(services: ApiServices): (call: ApiCall) => Promise<ApiAnswer> {
  const handler: ApiHandler = apiHandler(() => services);
  return async (call) => answerOf(await handler(eventOf(call), {} as Context));
}

/** An answer of RFC 9457. */
export const problem = (status: number, type: string, detail: unknown, more: object = {}): ApiAnswer => ({
  status,
  headers: expect.objectContaining({ 'content-type': 'application/problem+json' }),
  body: {
    type: type === 'about:blank' ? type : `urn:faultline:problem:${type}`,
    title: expect.stringMatching(/^[A-Z][a-z]/),
    status,
    detail,
    instance: 'request-1',
    ...more,
  },
});
