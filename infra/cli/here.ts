import { relative } from 'node:path';

/** A path as one would type it here. */
export function here(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
