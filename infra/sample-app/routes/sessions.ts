import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { bypassesCache, id, idInPath, notFound } from '../http/input.ts';
import type { Services } from '../services.ts';
import { statusOf } from './status.ts';

const logIn = z.object({ sessionId: id, userId: id });

export function sessionRoutes(app: FastifyInstance, { sessions }: Services): void {
  app.post('/login', async (request, reply) => {
    const { sessionId, userId } = logIn.parse(request.body);
    reply.code(statusOf(await sessions.create({ id: sessionId, userId }, request.deadline)));
    return { sessionId, userId };
  });

  app.get('/sessions/:id', async (request) => {
    const options = { bypass: bypassesCache(request), signal: request.deadline };
    const session = await sessions.find(idInPath(request), options);
    if (!session) throw notFound();
    return { sessionId: session.id, userId: session.userId };
  });
}
