import type { FastifyBaseLogger } from 'fastify';
import { Cache } from './cache/cache.ts';
import type { Config } from './config.ts';
import { clientOptions, SocketFactory } from './database/connection.ts';
import { Database } from './database/database.ts';
import { DatabaseMonitor } from './database/monitor.ts';
import { type Repository, repository } from './database/repository.ts';
import { ensureSchema } from './database/schema.ts';
import { WriteBehind } from './database/write-behind.ts';
import { resilient } from './fragile.ts';
import { type Limits, limitsOf } from './limits.ts';
import { RateLimiter } from './rate-limiter.ts';
import { cacheOnlySessions, durableSessions, type Session, type Sessions } from './sessions.ts';

export interface User {
  id: string;
  name: string;
}
export interface Story {
  id: string;
  userId: string;
  title: string;
  body: string;
}
export interface Whisper {
  id: string;
  userId: string;
  storyId: string;
  text: string;
}

/** The parts that routes use. */
export interface Services {
  config: Config;
  limits: Limits;
  now(): number;
  database: Database;
  monitor: DatabaseMonitor;
  cache: Cache;
  limiter: RateLimiter;
  sessions: Sessions;
  users: Repository<User>;
  stories: Repository<Story>;
  whispers: Repository<Whisper>;
  close(): Promise<void>;
}

export function createServices(config: Config, log: FastifyBaseLogger, now: () => number = Date.now): Services {
  const { FRAGILE: fragile } = config;
  const limits = limitsOf(config);
  const sockets = new SocketFactory(limits);
  const database = new Database({
    url: config.DATABASE_URL,
    poolSize: config.POOL_SIZE,
    queueLimit: config.QUEUE_LIMIT,
    limits,
    fragile,
    sockets,
    onCircuitChange: (state) => log.warn({ state }, 'database circuit changed'),
  });
  const monitor = createMonitor(config, log, (address) => sockets.cut(address));
  const cache = new Cache({
    url: config.REDIS_URL,
    limits,
    noBreaker: fragile.noBreaker,
    failureIsError: fragile.cacheFailureIsError,
    waitForConnection: fragile.noTimeouts,
    onChange: (up) => log.warn({ up }, 'cache connection changed'),
  });
  const stories = repository<Story>(database, 'stories', { id: 'id', userId: 'user_id', title: 'title', body: 'body' });
  const whispers = repository<Whisper>(database, 'whispers', {
    id: 'id',
    userId: 'user_id',
    storyId: 'story_id',
    text: 'text',
  });
  const sessionRows = repository<Session>(database, 'sessions', { id: 'id', userId: 'user_id' });
  const onLost = (rows: number) => log.error({ rows }, 'acknowledged writes were dropped');
  const buffered = fragile.ackBeforeDurable
    ? { stories: new WriteBehind(stories, onLost), whispers: new WriteBehind(whispers, onLost) }
    : null;

  return {
    config,
    limits,
    now,
    database,
    monitor,
    cache,
    limiter: new RateLimiter(cache, {
      perMinute: config.RATE_LIMIT_PER_MINUTE,
      needsRedis: fragile.rateLimiterNeedsRedis,
      now,
    }),
    sessions: fragile.sessionsInCacheOnly ? cacheOnlySessions(cache) : durableSessions(cache, sessionRows),
    users: repository<User>(database, 'users', { id: 'id', name: 'name' }),
    stories: buffered?.stories ?? stories,
    whispers: buffered?.whispers ?? whispers,
    async close() {
      await Promise.all([buffered?.stories.flush(), buffered?.whispers.flush()]);
      cache.close();
      await Promise.all([monitor.stop(), database.close()]);
    },
  };
}

/** Health stays true and quick under every switch, so the monitor always has the resilient limits. */
function createMonitor(config: Config, log: FastifyBaseLogger, onVanished: (address: string) => void): DatabaseMonitor {
  const limits = limitsOf({ ...config, FRAGILE: resilient });
  const sockets = new SocketFactory(limits);
  return new DatabaseMonitor({
    client: { ...clientOptions(config.DATABASE_URL, limits, sockets), statement_timeout: 5000 },
    sockets,
    intervalMs: 500,
    pingLimitMs: 1000,
    prepare: ensureSchema,
    onVanished,
    onChange: (up, reason) => log.warn({ up, reason }, 'database changed'),
  });
}
