import type { Cache } from './cache/cache.ts';

export interface Decision {
  allowed: boolean;
  /** Until the client's next window. */
  retryAfterSeconds: number;
  /** Who counted: all instances together, or this process alone because Redis is gone. */
  store: 'redis' | 'local';
}

const windowMs = 60_000;

/** A fixed window per client and minute, counted in Redis and, always, in this process too. */
export class RateLimiter {
  readonly count = { allowed: 0, denied: 0, fallback: 0 };
  private readonly cache: Cache;
  private readonly options: { perMinute: number; needsRedis: boolean; now(): number };
  private local = { window: 0, counts: new Map<string, number>() };

  constructor(cache: Cache, options: { perMinute: number; needsRedis: boolean; now(): number }) {
    this.cache = cache;
    this.options = options;
  }

  /** @throws CacheUnavailable only where the limiter is configured to need Redis */
  async decide(client: string): Promise<Decision> {
    const now = this.options.now();
    const window = Math.floor(now / windowMs);
    // Counted on every request, so that the fallback knows this minute's traffic when it has to take over.
    const locally = this.countLocally(window, client);
    const shared = await this.countShared(window, client);
    const allowed = (shared ?? locally) <= this.options.perMinute;
    this.count[allowed ? 'allowed' : 'denied']++;
    return {
      allowed,
      retryAfterSeconds: Math.ceil(((window + 1) * windowMs - now) / 1000),
      store: shared === null ? 'local' : 'redis',
    };
  }

  private countLocally(window: number, client: string): number {
    if (this.local.window !== window) this.local = { window, counts: new Map() };
    const count = (this.local.counts.get(client) ?? 0) + 1;
    this.local.counts.set(client, count);
    return count;
  }

  private async countShared(window: number, client: string): Promise<number | null> {
    const key = `rate:${client}:${window}`;
    try {
      return await this.cache.run(async (redis) => {
        const replies = await redis.pipeline().incr(key).expire(key, 120).exec();
        const [error, count] = replies?.[0] ?? [new Error('no reply'), 0];
        if (error) throw error;
        return count as number;
      });
    } catch (error) {
      if (this.options.needsRedis) throw error;
      this.count.fallback++;
      return null;
    }
  }
}
