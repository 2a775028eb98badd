import { BrokenCircuitError, ExponentialBackoff, handleWhen, type RetryPolicy, retry } from 'cockatiel';
import pg from 'pg';
import { Circuit, stateValue } from '../circuit.ts';
import { DatabaseUnavailable, Shed, TookTooLong } from '../errors.ts';
import type { Fragile } from '../fragile.ts';
import type { Limits } from '../limits.ts';
import { Bulkhead, BulkheadFull } from './bulkhead.ts';
import { clientOptions, type SocketFactory, toDatabaseError } from './connection.ts';

export interface DatabaseOptions {
  url: string;
  poolSize: number;
  queueLimit: number;
  limits: Limits;
  fragile: Fragile;
  sockets: SocketFactory;
  onCircuitChange(stateValue: number): void;
}

/** Counters since the start, and gauges of this moment. */
export interface DatabaseStats {
  inUse: number;
  waiting: number;
  queueLength: number;
  /** null: unbounded. */
  queueLimit: number | null;
  circuit: number;
  queries: number;
  retries: number;
  reconnects: number;
  shed: number;
}

const unbounded = Number.MAX_SAFE_INTEGER;

/**
 * Queries with bounded everything. From the outside in: retry with back-off and jitter → circuit breaker → bulkhead
 * (as many callers as connections, a bounded queue behind them) → a pooled connection. Statements must be idempotent.
 */
export class Database {
  private readonly pool: pg.Pool;
  private readonly options: DatabaseOptions;
  private readonly bulkhead: Bulkhead;
  private readonly queueCapacity: number;
  private readonly retry: RetryPolicy;
  private readonly circuit: Circuit | null;
  private readonly count = { queries: 0, retries: 0, reconnects: 0, shed: 0, lost: 0, inUse: 0, acquiring: 0 };

  constructor(options: DatabaseOptions) {
    const { fragile, limits } = options;
    this.options = options;
    this.pool = this.createPool();
    this.queueCapacity = fragile.noShedding ? unbounded : options.queueLimit;
    this.bulkhead = new Bulkhead(options.poolSize, this.queueCapacity);
    this.retry = retry(
      handleWhen((error) => error instanceof DatabaseUnavailable && error.worthRetrying),
      { maxAttempts: fragile.noRetry ? 0 : 2, backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 400 }) },
    );
    this.retry.onRetry(() => this.count.retries++);
    this.circuit = fragile.noBreaker
      ? null
      : new Circuit({
          threshold: 5,
          halfOpenAfterMs: limits.breakerHalfOpenAfter,
          isFailure: (error) => error instanceof DatabaseUnavailable,
          onChange: (state) => options.onCircuitChange(stateValue(state)),
        });
  }

  /**
   * @param signal aborts when the caller has given up: a statement that still waits is then never sent
   * @throws Shed, DatabaseUnavailable, TookTooLong, or the database's own error
   */
  async query<Row extends pg.QueryResultRow>(
    text: string,
    values: unknown[],
    signal?: AbortSignal,
  ): Promise<pg.QueryResult<Row>> {
    try {
      return await this.retry.execute(() => this.guarded(() => this.attempt<Row>(text, values), signal), signal);
    } catch (error) {
      if (signal?.aborted) throw new TookTooLong('the request took too long', { cause: error });
      throw this.refusal(error) ?? error;
    }
  }

  stats(): DatabaseStats {
    const { queueLength } = this.bulkhead;
    return {
      inUse: this.count.inUse,
      waiting: queueLength + this.count.acquiring,
      queueLength,
      queueLimit: this.queueCapacity === unbounded ? null : this.queueCapacity,
      circuit: this.circuit ? stateValue(this.circuit.state) : 0,
      queries: this.count.queries,
      retries: this.count.retries,
      reconnects: this.count.reconnects,
      shed: this.count.shed,
    };
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private guarded<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (!this.circuit) return this.bulkhead.execute(attempt, signal);
    return this.circuit.execute((stillAllowed) =>
      this.bulkhead.execute(async () => {
        if (!stillAllowed()) throw new BrokenCircuitError();
        return attempt();
      }, signal),
    );
  }

  private async attempt<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<pg.QueryResult<Row>> {
    const client = await this.acquire();
    this.count.inUse++;
    this.count.queries++;
    let failure: Error | undefined;
    try {
      return await client.query<Row>(text, values);
    } catch (error) {
      failure = toDatabaseError(error);
      throw failure;
    } finally {
      this.count.inUse--;
      client.release(failure instanceof DatabaseUnavailable);
    }
  }

  private async acquire(): Promise<pg.PoolClient> {
    this.count.acquiring++;
    try {
      return await this.pool.connect();
    } catch (error) {
      throw toDatabaseError(error);
    } finally {
      this.count.acquiring--;
    }
  }

  private refusal(error: unknown): Shed | null {
    const full = error instanceof BulkheadFull;
    if (!full && !(error instanceof BrokenCircuitError)) return null;
    this.count.shed++;
    return new Shed(full ? 'too many requests are waiting' : 'the database is unavailable', { cause: error });
  }

  private createPool(): pg.Pool {
    const { url, limits, sockets, poolSize } = this.options;
    const pool = new pg.Pool({ ...clientOptions(url, limits, sockets), max: poolSize, idleTimeoutMillis: 60_000 });
    // The pool drops a broken idle connection by itself; without a listener its error would end the process.
    pool.on('error', () => {});
    pool.on('connect', (client) => {
      client.once('error', () => this.count.lost++);
      // One loss may raise several errors; without a listener the second would end the process.
      client.on('error', () => {});
      if (this.count.lost === 0) return;
      this.count.lost--;
      this.count.reconnects++;
    });
    return pool;
  }
}
