import { Redis } from 'ioredis';
import type { Client } from 'pg';
import type { Sample } from '../evidence/sample.ts';
import { withDatabase } from '../target/database-session.client.ts';
import type { Target } from '../target/target.ts';
import { readAppMetrics } from './app-metrics.ts';
import { infoVersions } from './info-versions.ts';
import { parseRedisInfo, redisVersion } from './redis-info.ts';
import { roundTripMs } from './round-trip.ts';

export interface DatabaseLogin {
  username: string;
  password: string;
}

/** Whether a dependency answers a real request on a new connection. */
export interface Answer {
  served: boolean;
  detail: string;
}

type Failed = { error: string };
export type RoundTrip = { ms: number } | Failed;

/**
 * Looks at the target from outside, each time on its own connection, so that what is measured is whether a *new*
 * client is served. Every probe ends within its time limit and returns a failure instead of throwing it.
 */
export class Probes {
  private readonly target: Target;
  private readonly login: () => Promise<DatabaseLogin>;
  private readonly now: () => number;

  constructor(target: Target, login: () => Promise<DatabaseLogin>, now: () => number) {
    this.target = target;
    this.login = login;
    this.now = now;
  }

  /**
   * One observation of everything, the probes side by side.
   * @param metricsTimeoutMs an application's figures are true however late they come: a health check is not
   */
  async sample(timeoutMs = 900, metricsTimeoutMs = timeoutMs): Promise<Sample> {
    const at = this.now();
    const [health, database, cache, app] = await Promise.all([
      this.health(timeoutMs),
      this.database(timeoutMs),
      this.cache(timeoutMs),
      this.app(metricsTimeoutMs),
    ]);
    return { t: Math.floor(at), at: at - Math.floor(at), health, database, cache, app };
  }

  async dependency(which: 'database' | 'cache', timeoutMs = 1500): Promise<Answer> {
    const result = which === 'database' ? await this.database(timeoutMs) : await this.cache(timeoutMs);
    return 'error' in result
      ? { served: false, detail: result.error }
      : { served: true, detail: `served in ${Math.round(result.ms)} ms` };
  }

  /** How long a packet takes to a host and back. */
  roundTrip(host: string, port: number, timeoutMs: number): Promise<RoundTrip> {
    return this.guarded(timeoutMs, async () => ({ ms: await roundTripMs(host, port, timeoutMs) }));
  }

  health(timeoutMs: number): Promise<Sample['health']> {
    const limit = Math.min(timeoutMs, this.target.health.timeoutMs);
    return this.guarded(limit, async () => {
      const started = this.now();
      const response = await request(new URL(this.target.health.path, this.target.endpoint), limit);
      await response.arrayBuffer();
      return { status: response.status, ms: (this.now() - started) * 1000 };
    });
  }

  /** What the target's parts say of their versions, by name; a part that does not answer is left out. */
  async versions(timeoutMs = 1500): Promise<Record<string, string>> {
    const parts = await Promise.all([
      this.guarded(timeoutMs, () =>
        this.onDatabase(timeoutMs, async (client) => {
          const { rows } = await client.query(`SELECT current_setting('server_version') AS version`);
          return { versions: { PostgreSQL: String(rows[0].version) } };
        }),
      ),
      this.guarded(timeoutMs, () =>
        this.onCache(timeoutMs, async (client) => ({ versions: redisVersion(await client.info('server')) })),
      ),
      this.guarded(timeoutMs, async () => ({ versions: infoVersions(await this.metricsText(timeoutMs)) })),
    ]);
    return Object.assign({}, ...parts.map((part) => ('error' in part ? {} : part.versions)));
  }

  private app(timeoutMs: number): Promise<Sample['app']> {
    return this.guarded(timeoutMs, async () =>
      readAppMetrics(await this.metricsText(timeoutMs), this.target.metrics?.series ?? {}),
    );
  }

  private async metricsText(timeoutMs: number): Promise<string> {
    const { metrics, endpoint } = this.target;
    if (!metrics) throw new Error('the target has no metrics endpoint');
    const response = await request(new URL(metrics.path, endpoint), timeoutMs);
    if (!response.ok) throw new Error(`metrics endpoint answered ${response.status}`);
    return response.text();
  }

  private database(timeoutMs: number): Promise<Sample['database']> {
    return this.guarded(timeoutMs, () =>
      this.onDatabase(timeoutMs, async (client, started) => {
        const { rows } = await client.query(activityQuery);
        return { ...numbers(rows[0]), ms: (this.now() - started) * 1000 } as Exclude<Sample['database'], Failed>;
      }),
    );
  }

  private async onDatabase<T>(timeoutMs: number, work: (client: Client, started: number) => Promise<T>): Promise<T> {
    const at = this.target.database;
    if (!at) throw new Error('the target has no database');
    const login = await this.login();
    const started = this.now();
    return withDatabase(at, login, { name: 'faultline-observer', timeoutMs }, (client) => work(client, started));
  }

  private cache(timeoutMs: number): Promise<Sample['cache']> {
    return this.guarded(timeoutMs, () =>
      this.onCache(timeoutMs, async (client, started) => ({
        ...parseRedisInfo(await client.info()),
        ms: (this.now() - started) * 1000,
      })),
    );
  }

  private async onCache<T>(timeoutMs: number, work: (client: Redis, started: number) => Promise<T>): Promise<T> {
    const at = this.target.cache;
    if (!at) throw new Error('the target has no cache');
    const started = this.now();
    const client = new Redis({
      host: at.host,
      port: at.port,
      connectTimeout: timeoutMs,
      commandTimeout: timeoutMs,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
      lazyConnect: true,
      connectionName: 'faultline-observer',
    });
    let reason = '';
    client.on('error', (error) => {
      reason = error.message;
    });
    try {
      await client.connect();
      return await work(client, started);
    } catch (error) {
      throw new Error(reason || String(error));
    } finally {
      client.disconnect();
    }
  }

  /** The probe's value, or why there is none in time: its parts have limits of their own, which add up. */
  private async guarded<T>(timeoutMs: number, probe: () => Promise<T>): Promise<T | Failed> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      return await Promise.race([probe(), limit]);
    } catch (error) {
      return { error: describeError(error) };
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A GET on a connection of its own: one that was kept alive says nothing of what a new client would find. */
function request(url: URL, timeoutMs: number): Promise<Response> {
  return fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(timeoutMs) });
}

/** `fetch failed` says nothing; its cause does. */
export function describeError(error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } } | null)?.cause;
  const text = cause ? (cause.code ?? cause.message ?? '') : '';
  const message = error instanceof Error ? error.message : String(error);
  return (text ? `${message}: ${text}` : message).slice(0, 300);
}

function numbers(row: Record<string, unknown> | undefined): Record<string, number> {
  if (!row) throw new Error('pg_stat_activity returned no row');
  return Object.fromEntries(Object.entries(row).map(([k, v]) => [k, Number(v)]));
}

const activityQuery = `
  SELECT current_setting('max_connections')::int AS "maxConnections",
         count(*) FILTER (WHERE a.state = 'active') AS active,
         count(*) FILTER (WHERE a.state = 'idle') AS idle,
         count(*) FILTER (WHERE a.state LIKE 'idle in transaction%') AS "idleInTransaction",
         count(*) FILTER (WHERE a.wait_event_type = 'Lock') AS "waitingOnLock",
         max(d.xact_commit) AS "xactCommit",
         max(d.xact_rollback) AS "xactRollback",
         max(d.tup_returned) AS "tuplesReturned"
    FROM pg_stat_database d
    LEFT JOIN pg_stat_activity a
      ON a.datname = d.datname AND a.backend_type = 'client backend' AND a.application_name NOT LIKE 'faultline-%'
   WHERE d.datname = current_database()`;
