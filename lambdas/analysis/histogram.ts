import { type Counted, highestEquivalent } from './histogram-encoding.ts';
import { sum } from './robust.ts';

/** Buckets in use, in the order of their values, each once. Adding two of them is exact. */
export type Histogram = readonly Counted[];

export function merged(parts: Iterable<Histogram>): Histogram {
  const counts = new Map<number, number>();
  for (const part of parts) for (const [value, count] of part) counts.set(value, (counts.get(value) ?? 0) + count);
  return [...counts].sort(([a], [b]) => a - b);
}

/** Gives equal buckets one place in memory: the seconds of an hour hold the same few over and over. */
export function sharing(): (histogram: Histogram) => Histogram {
  const byValue = new Map<number, Map<number, Counted>>();
  const shared = (bucket: Counted): Counted => {
    const [value, count] = bucket;
    const known = byValue.get(value) ?? new Map<number, Counted>();
    byValue.set(value, known);
    const same = known.get(count) ?? bucket;
    known.set(count, same);
    return same;
  };
  return (histogram) => histogram.map(shared);
}

/** Requests that have to lie beyond a percentile before it is stated. */
export const tailRequests = 5;

/** The sample that a percentile needs: n · (1 − q) ≥ 5, so p50 10, p95 100, p99 500 requests. */
export const requestsNeeded = (q: number): number => Math.ceil(tailRequests / (1 - q) - 1e-9);

/** The q-quantile in milliseconds, or null below the sample that it needs. `q` is 0..1. */
export const percentileMs = (histogram: Histogram, q: number): number | null =>
  countOf(histogram) < requestsNeeded(q) ? null : quantileMs(histogram, q);

/**
 * The smallest value with at least that share at or below it, in milliseconds, as every HdrHistogram library has it: the
 * highest one of its bucket. Null without requests. `q` is above 0, up to 1.
 */
export function quantileMs(histogram: Histogram, q: number): number | null {
  // The subtrahend keeps floating point from making 95 of 100 a 96.
  const wanted = Math.max(1, Math.ceil(q * countOf(histogram) - 1e-6));
  let seen = 0;
  for (const [value, count] of histogram) {
    seen += count;
    if (seen >= wanted) return highestEquivalent(value) / 1000;
  }
  return null;
}

/** Requests no slower than this. A bucket that reaches beyond it counts by its lowest value. */
export const countUpTo = (histogram: Histogram, ms: number): number =>
  sum(histogram.map(([micros, count]) => (micros <= ms * 1000 ? count : 0)));

/** How many were counted. */
export const countOf = (histogram: Histogram): number => histogram.reduce((total, [, count]) => total + count, 0);
