import { Unavailable } from '../errors.ts';
import type { Cache } from './cache.ts';

export interface ReadThrough {
  key: string;
  /** How long a copy is as good as the original. */
  freshSeconds: number;
  /** Skips the cache on the way in; the answer is still written to it. */
  bypass: boolean;
}

interface Entry<T> {
  value: T;
  /** Epoch milliseconds. */
  storedAt: number;
}

export interface Answer<T> {
  value: T;
  /** From the cache, past its freshness, because the original cannot be had now. */
  stale: boolean;
}

/** An outage of the original is bridged with copies up to this old. */
const keptSeconds = 600;

/**
 * Serves a fresh copy, else the original, else (when that is unavailable) a stale copy.
 * @throws what `load` throws when there is no copy at all
 */
export async function readThrough<T>(
  cache: Cache,
  now: () => number,
  { key, freshSeconds, bypass }: ReadThrough,
  load: () => Promise<T>,
): Promise<Answer<T>> {
  const cached = bypass ? null : parse<T>(await cache.get(key));
  if (cached && now() - cached.storedAt < freshSeconds * 1000) return { value: cached.value, stale: false };
  try {
    const value = await load();
    await store(cache, now, key, value);
    return { value, stale: false };
  } catch (error) {
    if (cached && error instanceof Unavailable) return { value: cached.value, stale: true };
    throw error;
  }
}

export async function store<T>(cache: Cache, now: () => number, key: string, value: T): Promise<void> {
  const entry: Entry<T> = { value, storedAt: now() };
  await cache.set(key, JSON.stringify(entry), keptSeconds);
}

function parse<T>(text: string | null): Entry<T> | null {
  return text === null ? null : (JSON.parse(text) as Entry<T>);
}
