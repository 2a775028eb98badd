import { Redis } from 'ioredis';
import { Circuit } from '../circuit.ts';
import { CacheUnavailable } from '../errors.ts';
import type { Limits } from '../limits.ts';

export interface CacheOptions {
  url: string;
  limits: Limits;
  noBreaker: boolean;
  /** The cache's failures reach the caller. Otherwise a failed read is a miss and a failed write is nothing. */
  failureIsError: boolean;
  /** With generous time-outs commands wait for a connection; otherwise they fail at once without one. */
  waitForConnection: boolean;
  onChange(up: boolean): void;
}

/**
 * Redis behind a short time-out and a circuit breaker. It is an optimisation, never a dependency: when it is gone a
 * command costs nothing (no connection) or `cacheCommand` ms a few times (no answer), then nothing (open circuit).
 * ioredis resolves the host name anew on each connect and cuts a connection that owes an answer for too long.
 */
export class Cache {
  private readonly redis: Redis;
  private readonly circuit: Circuit | null;
  private readonly options: CacheOptions;
  private lastUp = false;
  readonly count = { hits: 0, misses: 0, errors: 0 };

  constructor(options: CacheOptions) {
    const { limits } = options;
    this.options = options;
    this.circuit = options.noBreaker
      ? null
      : new Circuit({ threshold: 3, halfOpenAfterMs: limits.breakerHalfOpenAfter, isFailure: () => true });
    this.redis = new Redis(options.url, {
      connectTimeout: limits.cacheConnect,
      commandTimeout: limits.cacheCommand,
      socketTimeout: Math.max(limits.cacheCommand, 1000),
      enableOfflineQueue: options.waitForConnection,
      maxRetriesPerRequest: options.waitForConnection ? null : 0,
      retryStrategy: (times) => Math.min(times * 100, 500),
      keepAlive: 1000,
    });
    // Connection errors show in the status and in failed commands; without a listener ioredis prints each.
    this.redis.on('error', () => {});
    this.redis.on('ready', () => this.change(true));
    this.redis.on('close', () => this.change(false));
  }

  get isUp(): boolean {
    return this.redis.status === 'ready';
  }

  /**
   * Runs a command and counts its failure.
   * @throws CacheUnavailable, whatever the reason
   */
  async run<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      if (!this.isUp && !this.options.waitForConnection) throw new Error('not connected');
      return await (this.circuit ? this.circuit.execute(() => command(this.redis)) : command(this.redis));
    } catch (error) {
      this.count.errors++;
      throw new CacheUnavailable(error as Error);
    }
  }

  /** A value, or null for a miss. Every look-up that yields no value counts as a miss, a failed one too. */
  async get(key: string): Promise<string | null> {
    const value = await this.orNothing(() => this.run((redis) => redis.get(key)));
    if (value === null) this.count.misses++;
    else this.count.hits++;
    return value;
  }

  async set(key: string, value: string, seconds: number): Promise<void> {
    await this.orNothing(() => this.run((redis) => redis.set(key, value, 'EX', seconds)));
  }

  close(): void {
    this.redis.disconnect();
  }

  private change(up: boolean): void {
    if (this.lastUp !== up) this.options.onChange(up);
    this.lastUp = up;
  }

  /** Fails open. */
  private async orNothing<T>(call: () => Promise<T>): Promise<T | null> {
    try {
      return await call();
    } catch (error) {
      if (this.options.failureIsError) throw error;
      return null;
    }
  }
}
