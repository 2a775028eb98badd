import type { FastifyInstance } from 'fastify';
import { sendProblem, unavailable } from '../http/problem.ts';
import type { Services } from '../services.ts';

/** Answers at once from the monitor's last ping, which is at most its interval and limit old (1.5 s). */
export function healthRoute(app: FastifyInstance, { monitor, cache, config }: Services): void {
  app.get('/health', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    const parts = { database: monitor.isUp ? 'up' : 'down', cache: cache.isUp ? 'up' : 'down' };
    if (config.FRAGILE.healthAlways200) return { status: 'ok' };
    if (monitor.isUp) return { status: 'ok', ...parts };
    return sendProblem(reply, unavailable('The database does not answer.'), parts);
  });
}
