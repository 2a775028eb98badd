import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ClientError } from '../errors.ts';

/** Lower case, as the database returns it, so that one id is one cache key. */
export const id = z.uuid().transform((value) => value.toLowerCase());

/** Text that Postgres can store and give back unchanged. */
export const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), 'holds characters that are not text');

/** @throws ClientError 404: a path that holds no id names nothing that could exist */
export function idInPath(request: FastifyRequest): string {
  const parsed = id.safeParse((request.params as { id?: string }).id);
  if (!parsed.success) throw notFound();
  return parsed.data;
}

export function notFound(): ClientError {
  return new ClientError(404, 'There is nothing with this id.');
}

/** The client wants the truth, not a copy of it. */
export function bypassesCache(request: FastifyRequest): boolean {
  return /\bno-cache\b/i.test(request.headers['cache-control'] ?? '');
}
