import { increase } from './counters.ts';
import type { ColumnFacts } from './facts.ts';
import { appMetric, probedAt } from './samples.ts';

export interface CacheUse {
  /** hits / (hits + misses + errors); null without a look-up or without counters. */
  hitRate: number | null;
  lookups: number | null;
  hits: number | null;
  /** Seconds in which the cache itself could not be reached, of all that were probed. */
  unreachable: number;
  samples: number;
}

/** What the application's own counters say about its cache in one column. */
export function cacheUse({ samples }: ColumnFacts): CacheUse {
  const of = (metric: 'cacheHits' | 'cacheMisses' | 'cacheErrors') =>
    increase(samples.map((s) => ({ at: probedAt(s), value: appMetric(s, metric) })))?.total ?? null;
  const hits = of('cacheHits');
  const misses = of('cacheMisses');
  const lookups = hits === null || misses === null ? null : hits + misses + (of('cacheErrors') ?? 0);
  const unreachable = samples.filter((s) => 'error' in s.cache).length;
  return {
    hits,
    lookups,
    hitRate: lookups ? hits! / lookups : null,
    unreachable,
    samples: samples.length,
  };
}
