import type { Counted } from './histogram.ts';

/** mulberry32 seeded with the FNV-1a hash of a text: the same run id always gives the same intervals. */
export function seededRandom(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const blockSeconds = 5;
const resamples = 200;

/**
 * 95 % confidence intervals of percentiles by a moving block bootstrap over the seconds (Künsch 1989): blocks of 5 s
 * keep what neighbouring seconds have in common. In milliseconds; null below two blocks.
 *
 * @param seconds the buckets of each second, in order of time
 * @param quantiles 0..1
 */
export function percentileIntervals(
  seconds: readonly (readonly Counted[])[],
  quantiles: readonly number[],
  random: () => number,
): ([low: number, high: number] | null)[] {
  if (seconds.length < 2 * blockSeconds) return quantiles.map(() => null);
  const values = [...new Set(seconds.flatMap((s) => s.map(([v]) => v)))].sort((a, b) => a - b);
  const position = new Map(values.map((v, i) => [v, i]));
  const dense = seconds.map((s) => s.map(([v, c]) => [position.get(v)!, c] as const));
  const drawn = quantiles.map(() => [] as number[]);
  for (let i = 0; i < resamples; i++) {
    const counts = resample(dense, values.length, random);
    for (const [q, quantile] of quantiles.entries()) {
      const value = quantileOf(counts, values, quantile);
      if (value !== null) drawn[q]!.push(value / 1000);
    }
  }
  return drawn.map((all) => {
    const sorted = all.sort((a, b) => a - b);
    if (sorted.length < resamples) return null;
    return [sorted[Math.floor(resamples * 0.025)]!, sorted[Math.ceil(resamples * 0.975) - 1]!];
  });
}

function resample(
  seconds: readonly (readonly (readonly [number, number])[])[],
  size: number,
  random: () => number,
): Float64Array {
  const counts = new Float64Array(size);
  for (let drawn = 0; drawn < seconds.length; drawn += blockSeconds) {
    const start = Math.floor(random() * (seconds.length - blockSeconds + 1));
    const length = Math.min(blockSeconds, seconds.length - drawn);
    for (let i = start; i < start + length; i++) for (const [at, count] of seconds[i]!) counts[at]! += count;
  }
  return counts;
}

function quantileOf(counts: Float64Array, values: readonly number[], q: number): number | null {
  const total = counts.reduce((a, b) => a + b, 0);
  if (total === 0) return null;
  const wanted = Math.max(1, Math.ceil(q * total));
  let seen = 0;
  for (let i = 0; i < counts.length; i++) {
    seen += counts[i]!;
    if (seen >= wanted) return values[i]!;
  }
  return values.at(-1)!;
}
