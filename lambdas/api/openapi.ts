import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponseObject } from 'zod-openapi';
import { InputInvalid } from '../aws/input.ts';
import { problemSchema } from './answers.ts';
import { headersSchema } from './headers.ts';
import { type ErrorClass, kebab, statusOf } from './problem.ts';
import { BodyTooLarge, CallerUnknown, MediaTypeUnsupported, NotJson, RouteUnknown } from './request.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

/** The API as OpenAPI 3.1 says it, made of the schemas by which it checks requests and shapes answers. */
export function openApiDocument() {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Faultline',
      version: '1',
      description:
        'Starts, stops and schedules game-days, shows them and their reports, and moves the safety lever. Requests are ' +
        'signed for execute-api (SigV4). Times are epoch seconds.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/v1', description: "The stage; the stack's output ApiUrl has the whole address" }],
    security: [{ sigv4: [] }],
    paths,
    components: {
      securitySchemes: {
        sigv4: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'AWS Signature Version 4' },
      },
    },
  });
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { method, path, summary, description, parameters, query, body, isIdempotent } = route;
  const shown = (schema: z.ZodType) => (Object.keys((schema as z.ZodObject).shape).length > 0 ? schema : undefined);
  return {
    operationId: nameOf(method, path),
    tags: [path.split('/')[1]!],
    summary,
    ...(description && { description }),
    requestParams: {
      ...(shown(parameters) && { path: parameters as z.ZodObject }),
      ...(shown(query) && { query: query as z.ZodObject }),
      ...(isIdempotent && { header: headersSchema }),
    },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: { ...answersOf(route), ...problemsOf(route) } as ZodOpenApiOperationObject['responses'],
  };
}

/** `GET /runs/{runId}/evidence` is getRunsEvidence. */
const nameOf = (method: string, path: string) =>
  method.toLowerCase() +
  path
    .split(/[/-]/)
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('{') ? 'One' : part[0]!.toUpperCase() + part.slice(1)))
    .join('');

/** Every answer names its request. */
const everyHeader = z.object({ 'x-request-id': z.string() });

function answersOf({ answers }: Route): Record<string, ZodOpenApiResponseObject> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, body, headers }]) => [
      status,
      {
        description,
        headers: headers ? everyHeader.extend(headers.shape) : everyHeader,
        ...(body && { content: { 'application/json': { schema: body } } }),
      },
    ]),
  );
}

/** Refusals that any request may get, of a route with a body some more. What API Gateway itself may say is below. */
const everyProblem: readonly ErrorClass[] = [InputInvalid, CallerUnknown, RouteUnknown];
const bodyProblems: readonly ErrorClass[] = [NotJson, BodyTooLarge, MediaTypeUnsupported];
const gatewayProblems: Record<number, string> = {
  429: 'throttled',
  500: 'a failure of ours',
  502: 'the Lambda did not answer',
  503: 'try again',
  504: 'the Lambda took too long',
};

function problemsOf({ problems, body }: Route): Record<string, ZodOpenApiResponseObject> {
  const kinds = [...everyProblem, ...(body ? bodyProblems : []), ...problems];
  const names = new Map<number, string[]>(Object.entries(gatewayProblems).map(([s, why]) => [Number(s), [why]]));
  for (const kind of kinds) names.set(statusOf(kind), [...(names.get(statusOf(kind)) ?? []), kebab(kind.name)]);
  return Object.fromEntries(
    [...names].map(([status, what]) => [
      status,
      {
        description: `${STATUS_CODES[status]}: ${what.join(', ')}`,
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  );
}
