import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What each worker wrote down: in milliseconds and ascending order, by worker. */
export const rawTimes = (folder: string): number[][] =>
  readdirSync(folder).map((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(Number)
      .sort((a, b) => a - b),
  );

/** The smallest value with at least that share at or below it, of values in ascending order. */
export const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.max(0, Math.ceil(q * sorted.length - 1e-9) - 1)]!;
