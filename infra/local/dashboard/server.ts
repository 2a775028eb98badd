import fastify, { type FastifyInstance } from 'fastify';
import type { ShownDashboard, ShownState } from './shown.ts';

export interface Shown {
  state(): Promise<ShownState>;
  /** Null for a name that no dashboard has. */
  dashboard(name: string): Promise<ShownDashboard | null>;
  report(id: string): string | null;
}

export interface Page {
  html: string;
  script: string;
  style: string;
}

/** Only what comes from here runs and loads; what a report brings has its own, stricter policy beside this one. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const reportPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page and what it asks for. It changes nothing, and answers only those who call it by its own name. */
export function dashboardServer(shown: Shown, page: Page): FastifyInstance {
  const app = fastify();
  app.addHook('onRequest', async ({ headers }, reply) => {
    // A page elsewhere whose name resolves to loopback would be let in by the browser, but not by this.
    if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(headers.host ?? '')) return reply.code(421).send('');
    reply.headers({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
  });
  app.get('/', (_, reply) => reply.type('text/html; charset=utf-8').send(page.html));
  app.get('/page.js', (_, reply) => reply.type('text/javascript; charset=utf-8').send(page.script));
  app.get('/page.css', (_, reply) => reply.type('text/css; charset=utf-8').send(page.style));
  app.get('/favicon.ico', (_, reply) => reply.code(204).send());
  app.get('/state', () => shown.state());
  app.get<{ Params: { name: string } }>('/dashboards/:name', async ({ params }, reply) => {
    const dashboard = await shown.dashboard(params.name);
    return dashboard ?? reply.code(404).send({ message: 'there is no such dashboard' });
  });
  app.get<{ Params: { id: string } }>('/reports/:id', async ({ params }, reply) => {
    const text = shown.report(params.id);
    if (text === null) return reply.code(404).type('text/plain').send('there is no such report');
    return reply.header('content-security-policy', reportPolicy).type('text/html; charset=utf-8').send(text);
  });
  return app;
}
