import { decodeFromCompressedBase64, Int32Histogram, type JsHistogram } from 'hdr-histogram-js';

/** One bucket of a histogram: its value in microseconds and how many requests fell into it. */
export type Counted = readonly [micros: number, count: number];

/** The shared layout: 1 µs to 120 s, three digits. It grows when a longer time turns up. */
export function emptyHistogram(): JsHistogram {
  const histogram = new Int32Histogram(1, 120_000_000, 3);
  histogram.autoResize = true;
  return histogram;
}

/** @throws Error when the text is no HDR histogram in V2 deflate encoding. */
export function decodeHistogram(encoded: string): JsHistogram {
  return decodeFromCompressedBase64(encoded, 32, false) as JsHistogram;
}

/** The buckets in use, in order of their value. */
export function countsOf(histogram: JsHistogram): Counted[] {
  const counts: Counted[] = [];
  if (histogram.totalCount === 0) return counts;
  const last = histogram.countsArrayIndex(histogram.maxValue);
  for (let i = 0; i <= last; i++) {
    const count = histogram.getCountAtIndex(i);
    if (count > 0) counts.push([histogram.valueFromIndex(i), count]);
  }
  return counts;
}

export function histogramOf(parts: Iterable<readonly Counted[]>): JsHistogram {
  const histogram = emptyHistogram();
  for (const part of parts) for (const [value, count] of part) histogram.recordValueWithCount(value, count);
  return histogram;
}

/** Requests that have to lie beyond a percentile before it is stated. */
export const tailRequests = 5;

/** The sample that a percentile needs: n · (1 − q) ≥ 5, so p50 10, p95 100, p99 500 requests. */
export const requestsNeeded = (q: number): number => Math.ceil(tailRequests / (1 - q) - 1e-9);

/** The q-quantile in milliseconds, or null below the sample that it needs. `q` is 0..1. */
export function percentileMs(histogram: JsHistogram, q: number): number | null {
  if (histogram.totalCount < requestsNeeded(q)) return null;
  return histogram.getValueAtPercentile(q * 100) / 1000;
}
