import { sum } from '../analysis/robust.ts';

/** A figure of one run. */
export interface Estimate {
  value: number;
  /** What is no difference: half the width of the figure's own 95 % interval, or the floor of its rule. Same unit. */
  resolution: number;
}

export interface Difference {
  difference: number;
  /** 95 %. */
  low: number;
  high: number;
}

/** 0.975 quantiles of Student's t with 1 to 30 degrees of freedom (Fisher and Yates, table III). */
const studentT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
] as const;

/** Above 30 the one of 30: a little wider than it need be. */
const quantile = (degrees: number): number => studentT[Math.min(degrees, studentT.length) - 1]!;

export const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Of a sample; 0 where all are alike. Needs two values. */
export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(sum(values.map((v) => (v - centre) ** 2)) / (values.length - 1));
}

const around = (difference: number, half: number): Difference => ({
  difference,
  low: difference - half,
  high: difference + half,
});

/**
 * How far one more run of the same kind lies from the mean of others: Student's prediction interval, n − 1 degrees of
 * freedom, never narrower than what the figures themselves can resolve.
 *
 * @param spread the values that the noise is taken from, two or more
 * @param runs how many runs the mean is of
 */
export function newAgainstMean(
  now: Estimate,
  others: readonly Estimate[],
  spread: readonly number[] = others.map((o) => o.value),
): Difference {
  const usual = mean(others.map((o) => o.value));
  const byChance = quantile(spread.length - 1) * deviation(spread) * Math.sqrt(1 + 1 / others.length);
  return around(now.value - usual, Math.max(byChance, resolutionOf(now, others)));
}

/** What the figures themselves can tell apart, whatever the runs do. */
export const resolutionOf = (now: Estimate, others: readonly Estimate[]): number =>
  Math.hypot(now.resolution, mean(others.map((o) => o.resolution)));

/**
 * The mean of paired differences with Student's interval, n − 1 degrees of freedom, never narrower than what the
 * figures themselves can resolve. Needs two pairs.
 */
export function meanOfDifferences(pairs: readonly (readonly [Estimate, Estimate])[]): Difference {
  const differences = pairs.map(([a, b]) => a.value - b.value);
  const byChance = (quantile(pairs.length - 1) * deviation(differences)) / Math.sqrt(pairs.length);
  const resolved = Math.hypot(...pairs.flat().map((e) => e.resolution)) / pairs.length;
  return around(mean(differences), Math.max(byChance, resolved));
}

/** Whether a difference is one beyond noise: its interval excludes 0. */
export const isBeyondNoise = ({ low, high }: Difference): boolean => low > 0 || high < 0;
