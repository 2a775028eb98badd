import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ClientError } from '../errors.ts';
import type { Services } from '../services.ts';
import { bypassesCache, id } from './input.ts';

/** What a request passes before its handler, on every route that serves users' data. */
export function guards(app: FastifyInstance, services: Services): void {
  app.addHook('onRequest', (request, reply) => limitRate(services, request, reply));
  app.addHook('preHandler', (request) => checkSession(services, request));
}

async function limitRate({ limiter }: Services, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const decision = await limiter.decide(request.ip);
  reply.header('x-ratelimit-store', decision.store);
  if (decision.allowed) return;
  const retryAfter = String(decision.retryAfterSeconds);
  throw new ClientError(429, 'Too many requests from this address.', { 'retry-after': retryAfter });
}

/** A session is optional; one that is given has to be valid. Not being able to look is a 503, not a log-out. */
async function checkSession({ sessions }: Services, request: FastifyRequest): Promise<void> {
  const given = request.headers['x-session'];
  if (given === undefined) return;
  const parsed = id.safeParse(given);
  const options = { bypass: bypassesCache(request), signal: request.deadline };
  const session = parsed.success ? await sessions.find(parsed.data, options) : null;
  if (!session) throw new ClientError(401, 'The session is not valid. Log in again.');
}
