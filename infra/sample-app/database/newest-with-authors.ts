import type { Database } from './database.ts';

/** FRAGILE nPlusOneQueries: the newest stories by one query, and each one's author by a query more, one after the other. */
export async function newestWithAuthors(database: Database, signal?: AbortSignal): Promise<void> {
  const { rows } = await database.query<{ userId: string }>(
    'SELECT user_id AS "userId" FROM stories ORDER BY created_at DESC LIMIT 3',
    [],
    signal,
  );
  for (const { userId } of rows) await database.query('SELECT name FROM users WHERE id = $1', [userId], signal);
}
