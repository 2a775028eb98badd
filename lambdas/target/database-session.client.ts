import { Client } from 'pg';
import type { DatabaseLogin } from '../observer/probes.ts';
import type { Target } from './target.ts';

export interface SessionOptions {
  /** application_name: begins with `faultline-`, so that what is Faultline's own is told from the application's. */
  name: string;
  /** For connecting, and for each statement. */
  timeoutMs: number;
}

/** A session on the target's database for as long as `work` takes; always a new one, and always ended. */
export async function withDatabase<T>(
  { host, port, name: database }: NonNullable<Target['database']>,
  { username, password }: DatabaseLogin,
  { name, timeoutMs }: SessionOptions,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    host,
    port,
    database,
    user: username,
    password,
    application_name: name,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  // A connection that dies between two awaits must not become an uncaught error.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await Promise.race([client.end(), new Promise((r) => setTimeout(r, 200))]);
  }
}
