import type { PhaseLoad } from '../load.ts';

/**
 * Successful requests a second as a share of the baseline's, capped at 1. Unlike the error rate it does not look
 * healthy when requests hang and nothing ends. Null where the baseline has none.
 */
export function servedShare(before: PhaseLoad, during: PhaseLoad): number | null {
  const rate = (p: PhaseLoad) => (p.seconds > 0 ? (p.requests - p.failures) / p.seconds : 0);
  const usual = rate(before);
  return usual > 0 && during.seconds > 0 ? Math.min(1, rate(during) / usual) : null;
}
