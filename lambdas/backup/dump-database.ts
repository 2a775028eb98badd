import { createHash } from 'node:crypto';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { Client, type ClientConfig } from 'pg';
import { type CopyToStreamQuery, to as copyTo } from 'pg-copy-streams';
import { type Catalog, readCatalog } from './catalog.ts';
import { copyEnd, copyHead, copyTarget, hasData, scriptEnd, scriptHead } from './script.ts';

/** What a Lambda can hold, and does within its time. */
export interface DumpLimits {
  /** Of the script, before it is compressed. */
  bytes: number;
  /** Of one statement, and of its wait for a lock. */
  statementSeconds: number;
  lockSeconds: number;
}

export const dumpLimits: DumpLimits = { bytes: 128 * 1024 * 1024, statementSeconds: 60, lockSeconds: 5 };

export interface Dump {
  /** The script, gzipped. */
  body: Buffer;
  sha256: string;
  /** Of the script, before it was compressed. */
  scriptBytes: number;
  version: string;
  tables: { name: string; rows: number }[];
}

export class DatabaseTooLarge extends Error {
  constructor(limit: number) {
    super(`the database is larger than ${Math.round(limit / 1024 / 1024)} MB, the most that this backup holds`);
    this.name = 'DatabaseTooLarge';
  }
}

/**
 * The database's tables as one SQL script that psql restores: every table at one and the same moment (one snapshot),
 * nobody kept from writing meanwhile. Owners and rights are no part of it.
 * @throws NotOnlyTables, DatabaseTooLarge
 */
export async function dumpDatabase(config: ClientConfig, takenAt: string, limits = dumpLimits): Promise<Dump> {
  const socket = new Socket();
  const client = new Client({ ...config, application_name: 'faultline-backup', stream: () => socket });
  // A connection that dies between two statements must not become an uncaught error.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await dump(client, takenAt, limits);
  } finally {
    // A copy that is given up half-way leaves a connection that takes no further word.
    socket.destroy();
  }
}

async function dump(client: Client, takenAt: string, limits: DumpLimits): Promise<Dump> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await client.query(`
    SELECT set_config('search_path', '', true), set_config('client_encoding', 'UTF8', true),
           set_config('statement_timeout', '${limits.statementSeconds}s', true),
           set_config('lock_timeout', '${limits.lockSeconds}s', true)`);
  const catalog = await readCatalog(client);
  const copies = new Map<string, CopyToStreamQuery>();
  const script = Readable.from(bounded(scriptOf(client, catalog, takenAt, copies), limits.bytes));
  const gzip = createGzip();
  script.on('error', (error) => gzip.destroy(error));
  const hash = createHash('sha256');
  const chunks: Buffer[] = [];
  for await (const chunk of script.pipe(gzip) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    chunks.push(chunk);
  }
  // Answered when every copy has told its rows.
  await client.query('COMMIT');
  return {
    body: Buffer.concat(chunks),
    sha256: hash.digest('hex'),
    scriptBytes: gzip.bytesWritten,
    version: catalog.version,
    tables: [...copies].map(([name, { rowCount }]) => ({ name, rows: rowCount })),
  };
}

async function* scriptOf(client: Client, catalog: Catalog, takenAt: string, copies: Map<string, CopyToStreamQuery>) {
  yield Buffer.from(scriptHead(catalog, takenAt));
  for (const table of catalog.tables.filter(hasData)) {
    const copy = client.query(copyTo(`COPY ${copyTarget(table)} TO STDOUT`));
    copies.set(table.name, copy);
    yield Buffer.from(copyHead(table));
    yield* copy as AsyncIterable<Buffer>;
    yield Buffer.from(copyEnd);
  }
  yield Buffer.from(scriptEnd(catalog));
}

async function* bounded(parts: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const part of parts) {
    size += part.length;
    if (size > limit) throw new DatabaseTooLarge(limit);
    yield part;
  }
}
