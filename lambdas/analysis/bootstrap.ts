import { type Histogram, quantileMs } from './histogram.ts';

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

/** Seconds below which nothing is resampled: two blocks. */
export const leastSeconds = 2 * blockSeconds;

/** 95 % of what was drawn lie within, or more where it was drawn from few blocks. */
export interface Interval {
  low: number;
  high: number;
}

/**
 * One resample of a row of seconds by the circular block bootstrap (Politis & Romano 1992): the numbers of as many
 * seconds, drawn in blocks of 5 s, which keep what neighbours have in common. What would reach beyond the last second
 * goes on with the first, so that each second is drawn as often as any other.
 */
export function resampled(seconds: number, random: () => number): number[] {
  const drawn: number[] = [];
  while (drawn.length < seconds) {
    const start = Math.floor(random() * seconds);
    const length = Math.min(blockSeconds, seconds - drawn.length);
    for (let i = 0; i < length; i++) drawn.push((start + i) % seconds);
  }
  return drawn;
}

/**
 * The 95 % interval of what was drawn from that many seconds: the expanded percentile interval (Hesterberg 2015, "What
 * Teachers Should Know About the Bootstrap"). Few blocks differ less from each other than many would, so that its
 * tails are those of Student's t with a degree of freedom less than there are blocks.
 */
export function intervalOf(drawn: readonly number[], seconds: number): Interval {
  const blocks = seconds / blockSeconds;
  const tail = normalTail(Math.sqrt(blocks / (blocks - 1)) * studentQuantile(blocks - 1));
  const sorted = [...drawn].sort((a, b) => a - b);
  const beyond = Math.floor(sorted.length * tail);
  return { low: sorted[beyond]!, high: sorted[sorted.length - 1 - beyond]! };
}

/** The 97.5 % quantile of Student's t: Abramowitz & Stegun 26.7.5. Too low below 3 degrees of freedom, but beyond every draw there. */
function studentQuantile(degrees: number): number {
  const z = 1.959964;
  const terms = [z ** 3 + z, 5 * z ** 5 + 16 * z ** 3 + 3 * z, 3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z];
  return z + terms[0]! / (4 * degrees) + terms[1]! / (96 * degrees ** 2) + terms[2]! / (384 * degrees ** 3);
}

/** What of a normal distribution lies above z, for z ≥ 0, to 1e-5: Abramowitz & Stegun 26.2.16. */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.33267 * z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return density * (0.4361836 * t - 0.1201676 * t ** 2 + 0.937298 * t ** 3);
}

/**
 * 95 % confidence intervals of percentiles over resampled seconds, in milliseconds; null below two blocks of seconds, and
 * where a resample has no request.
 *
 * @param seconds the buckets of each second, in order of time
 * @param quantiles 0..1
 */
export function percentileIntervals(
  seconds: readonly Histogram[],
  quantiles: readonly number[],
  random: () => number,
): (Interval | null)[] {
  if (seconds.length < leastSeconds) return quantiles.map(() => null);
  const values = [...new Set(seconds.flatMap((s) => s.map(([v]) => v)))].sort((a, b) => a - b);
  const position = new Map(values.map((v, i) => [v, i]));
  const dense = seconds.map((s) => s.map(([v, c]) => [position.get(v)!, c] as const));
  const drawn = quantiles.map(() => [] as number[]);
  // One for all resamples: a column of an hour would make millions of buckets otherwise.
  const histogram = values.map((v): [number, number] => [v, 0]);
  for (let i = 0; i < resamples; i++) {
    for (const bucket of histogram) bucket[1] = 0;
    for (const s of resampled(seconds.length, random)) for (const [at, count] of dense[s]!) histogram[at]![1] += count;
    for (const [q, quantile] of quantiles.entries()) {
      const ms = quantileMs(histogram, quantile);
      if (ms !== null) drawn[q]!.push(ms);
    }
  }
  return drawn.map((all) => (all.length === resamples ? intervalOf(all, seconds.length) : null));
}
