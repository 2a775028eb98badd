import type pg from 'pg';

/**
 * References between tables are not enforced: ids come from the clients, whose writes may arrive in any order.
 * `sessions` comes last, so that its existence means that everything else exists.
 */
const schema = `
  BEGIN;
  SELECT pg_advisory_xact_lock(728301);
  CREATE TABLE IF NOT EXISTS users (
    id uuid PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE IF NOT EXISTS stories (
    id uuid PRIMARY KEY, user_id uuid NOT NULL, title text NOT NULL, body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX IF NOT EXISTS stories_newest ON stories (created_at DESC);
  CREATE TABLE IF NOT EXISTS whispers (
    id uuid PRIMARY KEY, user_id uuid NOT NULL, story_id uuid NOT NULL, text text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE IF NOT EXISTS sessions (
    id uuid PRIMARY KEY, user_id uuid NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
  COMMIT;`;

/** Creates what is missing. Looks first, since CREATE INDEX would wait for whoever holds a lock on an existing table. */
export async function ensureSchema(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ exists: boolean }>(`SELECT to_regclass('sessions') IS NOT NULL AS exists`);
  if (!rows[0]?.exists) await client.query(schema);
}
