import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { id, idInPath, notFound, text } from '../http/input.ts';
import type { Services } from '../services.ts';
import { statusOf } from './status.ts';

const newUser = z.object({ id, name: text(200) });

export function userRoutes(app: FastifyInstance, { users }: Services): void {
  app.post('/users', async (request, reply) => {
    const user = newUser.parse(request.body);
    reply.code(statusOf(await users.insert(user, request.deadline)));
    return user;
  });

  app.get('/users/:id', async (request) => {
    const user = await users.find(idInPath(request), request.deadline);
    if (!user) throw notFound();
    return user;
  });
}
