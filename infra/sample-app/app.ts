import fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Config } from './config.ts';
import { newestWithAuthors } from './database/newest-with-authors.ts';
import { guards } from './http/guards.ts';
import { metricsRoute } from './http/metrics.ts';
import { errorHandler, sendProblem } from './http/problem.ts';
import { requestLimit } from './http/request-limit.ts';
import { aboutRoute } from './routes/about.ts';
import { healthRoute } from './routes/health.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { storyRoutes } from './routes/stories.ts';
import { userRoutes } from './routes/users.ts';
import { whisperRoutes } from './routes/whispers.ts';
import { createServices } from './services.ts';

/** Builds the application. It serves /health and /metrics before, and whether or not, the database can be had. */
export function buildApp(config: Config): FastifyInstance {
  const { FRAGILE: fragile } = config;
  const app = fastify({
    logger: { level: config.LOG_LEVEL },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 128 * 1024,
    // Receiving a request, not answering it: a client that trickles its bytes holds nothing for long.
    requestTimeout: 10_000,
    forceCloseConnections: 'idle',
    // While draining, a request that is already here is answered, and its connection is then closed.
    return503OnClosing: false,
  });
  const services = createServices(config, app.log);
  const { database } = services;

  app.setErrorHandler(errorHandler(fragile.stackTracesInErrors));
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, { status: 404, detail: 'There is no such page.' }));
  requestLimit(app, services.limits.request);
  metricsRoute(app, services);
  healthRoute(app, services);

  app.register(async (site) => {
    if (fragile.databaseForEverything) beforeReads(site, (deadline) => database.query('SELECT 1', [], deadline));
    if (fragile.nPlusOneQueries) beforeReads(site, (deadline) => newestWithAuthors(database, deadline));
    aboutRoute(site, services);
    site.register(async (data) => {
      guards(data, services);
      userRoutes(data, services);
      storyRoutes(data, services);
      whisperRoutes(data, services);
      sessionRoutes(data, services);
    });
  });

  closeConnectionsWhenDraining(app);
  app.addHook('onReady', async () => services.monitor.start());
  app.addHook('onClose', () => services.close());
  return app;
}

function beforeReads(site: FastifyInstance, ask: (deadline: AbortSignal) => Promise<unknown>): void {
  site.addHook('preHandler', async (request) => {
    if (request.method === 'GET') await ask(request.deadline);
  });
}

/** The answer to a request that was in flight says so too, or its idle connection would hold up the drain. */
function closeConnectionsWhenDraining(app: FastifyInstance): void {
  let draining = false;
  app.addHook('preClose', async () => {
    draining = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (draining) reply.header('connection', 'close');
  });
}
