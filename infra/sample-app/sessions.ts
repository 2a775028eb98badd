import type { Cache } from './cache/cache.ts';
import type { Inserted, Repository } from './database/repository.ts';

export interface Session {
  /** The session id. */
  id: string;
  userId: string;
}

export interface Sessions {
  /** @param bypass asks the durable store, not the cache */
  find(id: string, options: { bypass: boolean; signal?: AbortSignal }): Promise<Session | null>;
  create(session: Session, signal?: AbortSignal): Promise<Inserted>;
}

const cachedSeconds = 3600;
const keyOf = (id: string) => `session:${id}`;

/** Durable in the database, quick from the cache: an emptied cache logs nobody out. */
export function durableSessions(cache: Cache, rows: Repository<Session>): Sessions {
  const remember = (session: Session) => cache.set(keyOf(session.id), session.userId, cachedSeconds);
  return {
    async find(id, { bypass, signal }) {
      const userId = bypass ? null : await cache.get(keyOf(id));
      if (userId !== null) return { id, userId };
      const session = await rows.find(id, signal);
      if (session) await remember(session);
      return session;
    },
    async create(session, signal) {
      const inserted = await rows.insert(session, signal);
      await remember(session);
      return inserted;
    },
  };
}

/** FRAGILE sessionsInCacheOnly: gone when Redis restarts empty, and nobody logs in while it is away. */
export function cacheOnlySessions(cache: Cache): Sessions {
  return {
    async find(id) {
      const userId = await cache.get(keyOf(id));
      return userId === null ? null : { id, userId };
    },
    async create({ id, userId }) {
      await cache.run((redis) => redis.set(keyOf(id), userId, 'EX', cachedSeconds));
      return 'created';
    },
  };
}
