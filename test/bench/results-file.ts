import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type Result, resultSchema } from './benchmark.ts';

export class ResultsUnreadable extends Error {
  constructor(file: string) {
    super(`error: ${file} does not hold results of npm run bench; move it away`);
    this.name = 'ResultsUnreadable';
  }
}

/** The results of earlier runs; none when there is no file. @throws ResultsUnreadable */
export function readResults(file: string): Result[] {
  if (!existsSync(file)) return [];
  try {
    return z.array(resultSchema).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) throw new ResultsUnreadable(file);
    throw error;
  }
}

/** Puts these results in the place of earlier ones with their ids; the file is whole at every moment. */
export function mergeResults(file: string, fresh: readonly Result[]): void {
  const others = readResults(file).filter((r) => !fresh.some(({ id }) => id === r.id));
  const all = [...others, ...fresh].sort((a, b) => (a.id < b.id ? -1 : 1));
  mkdirSync(dirname(file), { recursive: true });
  const next = `${file}.${process.pid}`;
  writeFileSync(next, `${JSON.stringify(all, null, 2)}\n`);
  renameSync(next, file);
}
