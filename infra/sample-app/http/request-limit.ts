import type { FastifyInstance } from 'fastify';
import { TookTooLong } from '../errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Aborts when nobody waits for the answer any more: at the request limit, or when the client has gone. */
    deadline: AbortSignal;
  }
}

/**
 * Answers 504 at the limit and tells the work behind it, through `request.deadline`, not to begin anything new.
 * (Fastify's `handlerTimeout` and `request.signal` hang on the request's 'close' event, which a request with a body
 * emits as soon as that has been read.)
 *
 * @param limitMs 0 is no limit
 */
export function requestLimit(app: FastifyInstance, limitMs: number): void {
  const unlimited = new AbortController().signal;
  app.decorateRequest('deadline');
  app.addHook('onRequest', async (request, reply) => {
    if (limitMs === 0) {
      request.deadline = unlimited;
      return;
    }
    const controller = new AbortController();
    request.deadline = controller.signal;
    const timer = setTimeout(() => {
      controller.abort();
      if (!reply.sent) reply.send(new TookTooLong(`the request took longer than ${limitMs} ms`));
    }, limitMs);
    reply.raw.once('close', () => {
      clearTimeout(timer);
      controller.abort();
    });
  });
}
