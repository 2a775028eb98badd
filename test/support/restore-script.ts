import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** Runs a script with COPY blocks as psql does, each statement in a line of its own. */
export async function restore(script: string, url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const lines = script.split('\n');
    for (let at = 0; at < lines.length; at++) {
      const line = lines[at]!;
      if (!line.startsWith('COPY ')) {
        if (line !== '') await client.query(line);
        continue;
      }
      const end = lines.indexOf('\\.', at);
      const data = lines.slice(at + 1, end).map((row) => `${row}\n`);
      await pipeline(Readable.from(data), client.query(copyFrom(line.replace(/FROM stdin;$/, 'FROM STDIN'))));
      at = end;
    }
  } finally {
    await client.end();
  }
}
