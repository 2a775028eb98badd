import { Client, DatabaseError, escapeIdentifier } from 'pg';

export interface Blocking {
  /** application_name of the session. */
  name: string;
  tables: string[];
  holdSeconds: number;
  /** Epoch seconds at which the last lock has ended. */
  deadline: number;
}

/** One time that the locks were held, by the server's clock in epoch seconds. */
export interface Hold {
  from: number;
}

/** Not this session's end: another one won the tables (deadlock), or it waited until the deadline. */
const goesOn = ['40P01', '55P03'];
const terminated = '57P01';

/**
 * Locks the tables again and again until the deadline; resolves when that has come or somebody has terminated the
 * session. Every limit is the server's own, so that it ends the locks whatever becomes of this process: each lock ends
 * at the deadline by the server's clock without another word of the client, a client that vanishes is noticed within
 * half a second (a host that vanishes: within 4 s), and nothing waits or runs longer than the deadline and 2 s.
 * @throws what the server or the network throws otherwise
 */
export async function block(plan: Blocking, now: () => number, onHold: (hold: Hold) => void): Promise<void> {
  const client = new Client({ application_name: plan.name, connectionTimeoutMillis: 5000 });
  const lost = new Promise<never>((_, reject) => client.on('error', reject));
  lost.catch(() => undefined);
  try {
    await client.connect();
    const server = await prepare(client, now);
    const deadline = plan.deadline + server.ahead;
    while (now() < plan.deadline) {
      await Promise.race([lost, once(client, plan, { ...server, deadline, left: plan.deadline - now() }, onHold)]);
    }
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === terminated)) throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

interface Server {
  version: number;
  /** Seconds by which its clock is ahead of this one's. */
  ahead: number;
}

/** For sessions whose client is gone: it is looked for while they sleep or wait, too. Milliseconds and seconds. */
const whoIsThere = `
  SET client_connection_check_interval = 500;
  SET idle_in_transaction_session_timeout = 1000;
  SET tcp_keepalives_idle = 1; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3`;

async function prepare(client: Client, now: () => number): Promise<Server> {
  await client.query(whoIsThere);
  const { rows } = await client.query<{ at: number; version: number }>(
    `SELECT extract(epoch FROM clock_timestamp())::float8 AS at, current_setting('server_version_num')::int AS version`,
  );
  return { version: rows[0]!.version, ahead: rows[0]!.at - now() };
}

/** One lock, in one message: the server needs nobody to go through with it. */
async function once(
  client: Client,
  { tables, holdSeconds }: Blocking,
  { version, deadline, left }: { version: number; deadline: number; left: number },
  onHold: (hold: Hold) => void,
): Promise<void> {
  const limit = Math.max(1, Math.ceil(left * 1000));
  const names = tables.map((table) => table.split('.').map(escapeIdentifier).join('.')).join(', ');
  const text = `
    BEGIN;
    SET LOCAL lock_timeout = ${limit};
    SET LOCAL statement_timeout = ${limit + 1000};
    ${version >= 170_000 ? `SET LOCAL transaction_timeout = ${limit + 2000};` : ''}
    LOCK TABLE ${names} IN ACCESS EXCLUSIVE MODE;
    SELECT extract(epoch FROM clock_timestamp())::float8 AS since, pg_sleep(least(${holdSeconds},
      greatest(0, ${deadline} - extract(epoch FROM clock_timestamp()))::float8));
    COMMIT`;
  try {
    // A message of several statements is answered with a list.
    const answers = (await client.query(text)) as unknown as { command: string; rows: { since: number }[] }[];
    const held = answers.find((answer) => answer.command === 'SELECT');
    onHold({ from: held!.rows[0]!.since });
  } catch (error) {
    if (!(error instanceof DatabaseError && goesOn.includes(error.code ?? ''))) throw error;
    await client.query('ROLLBACK');
  }
}
