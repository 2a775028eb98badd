import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ClientError, TookTooLong, Unavailable } from '../errors.ts';

/** RFC 9457. */
export interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
}

/** Seconds. The circuit is tried again after one, so this is when a retry can first succeed. */
const retryAfter = '1';

interface Mapped {
  status: number;
  detail: string;
  headers?: Record<string, string>;
}

export function sendProblem(reply: FastifyReply, { status, detail, headers }: Mapped, more: object = {}): FastifyReply {
  const problem: Problem = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail };
  return reply
    .code(status)
    .headers(headers ?? {})
    .type('application/problem+json')
    .send(JSON.stringify({ ...problem, ...more }));
}

export function unavailable(detail: string): Mapped {
  return { status: 503, detail, headers: { 'retry-after': retryAfter } };
}

function summary(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
}

/** Which status an error has and what a client may know about it. */
export function mapError(error: unknown): Mapped {
  if (error instanceof ClientError) return { status: error.status, detail: error.message, headers: error.headers };
  if (error instanceof z.ZodError) return { status: 400, detail: summary(error) };
  if (error instanceof Unavailable) return unavailable('A service that this request needs is unavailable. Try again.');
  if (error instanceof TookTooLong) {
    return { status: 504, detail: 'The request was not finished within its time limit.' };
  }
  const { statusCode, message } = error as FastifyError;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return { status: statusCode, detail: message };
  return { status: 500, detail: 'The request failed for a reason of ours. It was logged.' };
}

/** @param exposeStacks FRAGILE stackTracesInErrors: every failure is a 500 with the raw error's text */
export function errorHandler(exposeStacks: boolean) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const mapped = mapError(error);
    if (mapped.status === 500) request.log.error({ err: error }, 'request failed');
    if (exposeStacks && mapped.status >= 500) {
      return reply
        .code(500)
        .type('text/plain')
        .send((error as Error).stack ?? String(error));
    }
    return sendProblem(reply, mapped);
  };
}
