import { ClientError } from '../errors.ts';
import type { Database } from './database.ts';

export type Inserted = 'created' | 'existed';

/** Rows with a client-generated id, inserted once however often the same insert is sent. */
export interface Repository<Row extends { id: string }> {
  find(id: string, signal?: AbortSignal): Promise<Row | null>;
  /** @throws ClientError 409 when the id exists with other contents */
  insert(row: Row, signal?: AbortSignal): Promise<Inserted>;
}

/** @param columns property → column; both are the program's own words, never input */
export function repository<Row extends { id: string } & Record<keyof Row, string>>(
  database: Database,
  table: string,
  columns: Record<keyof Row & string, string>,
): Repository<Row> {
  const properties = Object.keys(columns) as (keyof Row & string)[];
  const names = properties.map((property) => columns[property]).join(', ');
  const places = properties.map((_, i) => `$${i + 1}`).join(', ');
  const insertOnce = `INSERT INTO ${table} (${names}) VALUES (${places}) ON CONFLICT (id) DO NOTHING`;
  const aliased = properties.map((property) => `${columns[property]} AS "${property}"`).join(', ');
  const select = `SELECT ${aliased} FROM ${table} WHERE id = $1`;

  async function find(id: string, signal?: AbortSignal): Promise<Row | null> {
    const { rows } = await database.query<Row>(select, [id], signal);
    return rows[0] ?? null;
  }

  async function insert(row: Row, signal?: AbortSignal): Promise<Inserted> {
    const values = properties.map((property) => row[property]);
    const { rowCount } = await database.query(insertOnce, values, signal);
    if (rowCount === 1) return 'created';
    const existing = await find(row.id, signal);
    if (existing && properties.some((property) => existing[property] !== row[property])) {
      throw new ClientError(409, `id ${row.id} exists with other contents`);
    }
    return 'existed';
  }

  return { find, insert };
}
