import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Services } from '../services.ts';
import { version } from '../version.ts';

/** The application's series. They are read from the parts when scraped, so a scrape needs no database and no cache. */
export function createMetrics({ database, cache, limiter, config }: Services) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });

  gauge('app_pool_size', 'Most database connections for requests', () => config.POOL_SIZE);
  gauge('app_pool_in_use', 'Database connections running a statement', () => database.stats().inUse);
  gauge('app_pool_waiting', 'Requests waiting for a database connection', () => database.stats().waiting);
  gauge('app_queue_length', 'Requests queued because every connection is taken', () => database.stats().queueLength);
  const { queueLimit } = database.stats();
  if (queueLimit !== null) gauge('app_queue_limit', 'Most requests that may queue', () => queueLimit);
  gauge('app_breaker_state', 'Database circuit: 0 closed, 1 half open, 2 open', () => database.stats().circuit);
  counter('app_shed_total', 'Refused without being tried: queue full or circuit open', () => database.stats().shed);
  counter('app_database_queries_total', 'Statements sent for requests', () => database.stats().queries);
  counter('app_database_retries_total', 'Statements tried again', () => database.stats().retries);
  counter('app_database_reconnects_total', 'Connections that replaced a lost one', () => database.stats().reconnects);
  counter('app_cache_hits_total', 'Look-ups that found a value', () => cache.count.hits);
  counter('app_cache_misses_total', 'Look-ups that yielded none, failed ones included', () => cache.count.misses);
  counter('app_cache_errors_total', 'Commands to Redis that failed or were not tried', () => cache.count.errors);
  counter('app_rate_limit_allowed_total', 'Requests within their limit', () => limiter.count.allowed);
  counter('app_rate_limit_denied_total', 'Requests beyond their limit', () => limiter.count.denied);
  counter('app_rate_limit_fallback_total', 'Decisions made without Redis', () => limiter.count.fallback);
  new Gauge({ name: 'app_build_info', help: 'What runs here', labelNames: ['version'], registers }).set({ version }, 1);
  const requests = new Counter({
    name: 'app_requests_total',
    help: 'Requests answered',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const timeouts = new Counter({
    name: 'app_request_timeouts_total',
    help: 'Requests that were answered 504 at the request limit',
    registers,
  });
  return { registry, requests, timeouts };
}

export function metricsRoute(app: FastifyInstance, services: Services): void {
  const { registry, requests, timeouts } = createMetrics(services);
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unmatched';
    requests.inc({ method: request.method, route, status: String(reply.statusCode) });
    if (reply.statusCode === 504) timeouts.inc();
  });
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}
