import httpRouterHandler from '@middy/http-router';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { parseInput } from '../aws/input.ts';
import { headersSchema } from './headers.ts';
import { problemOf } from './problem.ts';
import { callerOf, headerOf, jsonOf, MethodNotAllowed, queryOf, RouteUnknown } from './request.ts';
import type { Answer, ApiServices, Route } from './route.ts';
import { routes } from './routes.ts';

export type ApiHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** The whole API as a function from request to response: every answer that is no success is a problem (RFC 9457). */
export function apiHandler(services: () => ApiServices): ApiHandler {
  const dispatch = httpRouterHandler({
    routes: routes.map((route) => ({
      method: route.method,
      path: route.path,
      handler: async (event: APIGatewayProxyEvent) => respond(await answer(route, event, services)),
    })),
    notFoundResponse({ method, path }) {
      const allowed = routes.filter((route) => patternOf(route.path).test(path)).map((route) => route.method);
      throw allowed.length > 0 ? new MethodNotAllowed(method, path, allowed) : new RouteUnknown(method, path);
    },
  }) as unknown as ApiHandler;
  return async (event, context) => {
    const { requestId } = event.requestContext;
    const result = await (async () => dispatch(event, context))().catch((error) => problemOf(error, requestId));
    return { ...result, headers: { ...result.headers, 'x-request-id': requestId } };
  };
}

function answer(route: Route, event: APIGatewayProxyEvent, services: () => ApiServices): Promise<Answer> {
  const by = callerOf(event);
  // API Gateway's own parameter is the whole path.
  const { proxy: _, ...own } = event.pathParameters ?? {};
  const parameters = parseInput(route.parameters, own);
  const query = parseInput(route.query, queryOf(event));
  const body = route.body && parseInput(route.body, jsonOf(event));
  const { 'Idempotency-Key': idempotencyKey = null } = parseInput(headersSchema, {
    'Idempotency-Key': headerOf(event, 'idempotency-key'),
  });
  return route.answer({ parameters, query, body, idempotencyKey, by }, services());
}

const respond = ({ status, headers, body }: Answer): APIGatewayProxyResult => ({
  statusCode: status,
  headers: {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    'cache-control': 'no-store',
    ...headers,
  },
  body: body === undefined ? '' : JSON.stringify(body),
});

const patternOf = (path: string) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`);
