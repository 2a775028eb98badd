import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { id, idInPath, notFound, text } from '../http/input.ts';
import type { Services } from '../services.ts';
import { statusOf } from './status.ts';

const newWhisper = z.object({ id, userId: id, storyId: id, text: text(2000) });

export function whisperRoutes(app: FastifyInstance, { whispers }: Services): void {
  app.post('/whispers', async (request, reply) => {
    const whisper = newWhisper.parse(request.body);
    reply.code(statusOf(await whispers.insert(whisper, request.deadline)));
    return whisper;
  });

  app.get('/whispers/:id', async (request) => {
    const whisper = await whispers.find(idInPath(request), request.deadline);
    if (!whisper) throw notFound();
    return whisper;
  });
}
