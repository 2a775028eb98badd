import type { SwapRate } from './hosts.ts';

/**
 * Thrashing is swapping in both directions at once: pages that are needed again as soon as they are gone. Moving cold
 * pages out is not. The limit is 1 MB/s (250 pages of 4 KiB) each way, the order of magnitude at which it is felt.
 */
export const thrashingRule = { pagesPerSecond: 250, consecutive: 3 } as const;

export interface Thrashing {
  /** Samples at which it was seen. */
  seconds: number;
  /** Most of them in a row, on one host. */
  longest: number;
  /** Most pages a second in either direction. */
  most: { in: number; out: number };
}

/** @param rates by host, in the order of time */
export function thrashing(rates: readonly (readonly SwapRate[])[]): Thrashing {
  const { pagesPerSecond } = thrashingRule;
  const seen: Thrashing = { seconds: 0, longest: 0, most: { in: 0, out: 0 } };
  for (const own of rates) {
    let row = 0;
    for (const rate of own) {
      row = rate.in >= pagesPerSecond && rate.out >= pagesPerSecond ? row + 1 : 0;
      if (row > 0) seen.seconds++;
      seen.longest = Math.max(seen.longest, row);
      seen.most = { in: Math.max(seen.most.in, rate.in), out: Math.max(seen.most.out, rate.out) };
    }
  }
  return seen;
}
