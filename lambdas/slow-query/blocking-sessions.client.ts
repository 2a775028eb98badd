import type { Client } from 'pg';
import type { DatabaseLogin } from '../observer/probes.ts';
import { withDatabase } from '../target/database-session.client.ts';
import type { Target } from '../target/target.ts';

/** What keeps the login from locking the tables, or from seeing what became of that. */
export interface Lockable {
  missing: string[];
  forbidden: string[];
  seesOthers: boolean;
  /** Sessions that have one of them for themselves now. */
  lockedBy: number;
}

export interface Blocked {
  /** Of the name. */
  sessions: number;
  /** The most tables that one of them has for itself. */
  held: number;
  /** Other sessions that wait for one of them. */
  waiting: number;
}

/** A new session each time, as a client of the target's has it: what nobody may wait for long. */
const session = { name: 'faultline-fault', timeoutMs: 3000 } as const;

/** Runtime access to the sessions that block a target's tables: seeing them, ending them, and being blocked or not. */
export class BlockingSessions {
  private readonly target: Target;
  private readonly login: () => Promise<DatabaseLogin>;

  constructor(target: Target, login: () => Promise<DatabaseLogin>) {
    this.target = target;
    this.login = login;
  }

  lockable(tables: string[]): Promise<Lockable> {
    return this.ask(async (client) => {
      const { rows } = await client.query<Lockable>(lockableQuery, [tables]);
      return rows[0]!;
    });
  }

  blocked(name: string, tables: string[]): Promise<Blocked> {
    return this.ask(async (client) => {
      const { rows } = await client.query<Blocked>(blockedQuery, [name, tables]);
      return rows[0]!;
    });
  }

  /** Ends every session of the name, and how many there were. Their locks end with them. */
  terminate(name: string): Promise<number> {
    return this.ask(async (client) => {
      const { rowCount } = await client.query(terminateQuery, [name]);
      return rowCount ?? 0;
    });
  }

  /** Locks the tables as a reader does, and lets them go. @throws where somebody has them for himself */
  read(tables: string[]): Promise<void> {
    return this.ask(async (client) => {
      const names = tables.map((table) => table.split('.').map(client.escapeIdentifier).join('.')).join(', ');
      await client.query(`BEGIN; SET LOCAL lock_timeout = 900; LOCK TABLE ${names} IN ACCESS SHARE MODE; ROLLBACK`);
    });
  }

  private async ask<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const { database, id } = this.target;
    if (!database) throw new Error(`target '${id}' has no database`);
    return withDatabase(database, await this.login(), session, work);
  }
}

/** LOCK TABLE … IN ACCESS EXCLUSIVE MODE takes one of these privileges; MAINTAIN, the least of them, came with 17. */
const lockableQuery = `
  WITH wanted AS (
    SELECT t.name, c.oid, c.relkind IN ('r', 'p') AS lockable
      FROM unnest($1::text[]) AS t(name) LEFT JOIN pg_class c ON c.oid = to_regclass(t.name)
  ), privileges AS (
    SELECT CASE WHEN current_setting('server_version_num')::int >= 170000
                THEN 'UPDATE, DELETE, TRUNCATE, MAINTAIN' ELSE 'UPDATE, DELETE, TRUNCATE' END AS any_of
  )
  SELECT coalesce(array_agg(name ORDER BY name) FILTER (WHERE lockable IS NOT TRUE), '{}') AS missing,
         coalesce(array_agg(name ORDER BY name) FILTER (WHERE lockable AND NOT has_table_privilege(oid, any_of)), '{}') AS forbidden,
         pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS "seesOthers",
         (SELECT count(DISTINCT pid)::int FROM pg_locks
           WHERE mode = 'AccessExclusiveLock' AND granted AND relation IN (SELECT oid FROM wanted)) AS "lockedBy"
    FROM wanted, privileges`;

const blockedQuery = `
  WITH mine AS (
    SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()
  ), held AS (
    SELECT l.pid, count(DISTINCT l.relation)::int AS tables
      FROM pg_locks l JOIN mine USING (pid)
     WHERE l.mode = 'AccessExclusiveLock' AND l.granted
       AND l.relation IN (SELECT to_regclass(t) FROM unnest($2::text[]) AS t)
     GROUP BY l.pid
  )
  SELECT (SELECT count(*)::int FROM mine) AS sessions,
         (SELECT coalesce(max(tables), 0) FROM held) AS held,
         (SELECT count(*)::int FROM pg_stat_activity a
           WHERE a.wait_event_type = 'Lock' AND a.datname = current_database()
             AND a.application_name NOT LIKE 'faultline-%'
             AND pg_blocking_pids(a.pid) && (SELECT array_agg(pid) FROM mine)) AS waiting`;

const terminateQuery = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
   WHERE application_name = $1 AND datname = current_database() AND pid <> pg_backend_pid()`;
