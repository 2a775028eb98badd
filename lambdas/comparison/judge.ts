import type { Figure } from './compared.ts';
import { type Difference, isBeyondNoise, mean, newAgainstMean, resolutionOf } from './noise.ts';

export interface Judged {
  change: 'better' | 'worse' | 'same' | 'unknown';
  /** This run's less the mean of the earlier ones', in the figure's unit; null where a figure is but a place in an order. */
  difference: number | null;
  /** 95 %; null where no noise is known. */
  low: number | null;
  high: number | null;
  /** What the noise was taken from; `resolution`: what the figures themselves leave open. */
  noise: 'repeated' | 'control' | 'resolution' | null;
  why: string;
}

/** Of two or fewer runs a deviation tells next to nothing: Student's interval is 15 deviations wide. */
export const leastRepeats = 3;
const leastQuiet = 4;

/**
 * Whether a figure differs from those of earlier runs beyond noise. The noise is that of the earlier runs where there are
 * three, else that of control runs for figures of a time in which nothing is broken.
 *
 * @param quiet the same kind of figure in control runs
 */
export function judge(now: Figure, earlier: readonly Figure[], quiet: readonly number[] = []): Judged {
  const values = earlier.map((e) => e.value);
  const isRepeated = values.length >= leastRepeats;
  const isExact = now.resolution === 0 && earlier.every((e) => e.resolution === 0);
  if (isExact && new Set(values).size === 1) return judgeExact(now, values[0]!, values.length);
  if (isRepeated)
    return judgeDifference(now, newAgainstMean(now, earlier), 'repeated', `${values.length} earlier runs`);
  if (quiet.length >= leastQuiet) {
    const difference = newAgainstMean(now, earlier, quiet);
    return judgeDifference(now, difference, 'control', `${quiet.length} columns of control runs`);
  }
  const difference = now.value - mean(values);
  const open = resolutionOf(now, earlier);
  if (Math.abs(difference) <= open) {
    const interval = { low: difference - open, high: difference + open };
    return {
      change: 'same',
      difference,
      ...interval,
      noise: 'resolution',
      why: 'within what the figures themselves leave open',
    };
  }
  return {
    ...untold,
    difference,
    why: `noise is not known: ${leastRepeats} earlier runs tell it, here is ${values.length}`,
  };
}

const untold = { change: 'unknown', low: null, high: null, noise: null } as const;

function judgeDifference(
  { better }: Figure,
  interval: Difference,
  noise: 'repeated' | 'control',
  source: string,
): Judged {
  if (!isBeyondNoise(interval)) return { change: 'same', ...interval, noise, why: `within the noise of ${source}` };
  const isBetter = interval.difference > 0 === (better === 'higher');
  return { change: isBetter ? 'better' : 'worse', ...interval, noise, why: `beyond the noise of ${source}` };
}

/**
 * A figure that was the same in all earlier runs has no deviation. If it came and went by chance, n alike and then another
 * one would be seen with a chance of at most nⁿ / (n + 1)ⁿ⁺¹ (the most that p · (1 − p)ⁿ can be): 11 % of three, 5 % of seven.
 */
function judgeExact({ value, better }: Figure, usual: number, runs: number): Judged {
  const same = { difference: value - usual, low: null, high: null, noise: null };
  if (value === usual)
    return { ...same, change: 'same', why: `as in ${runs === 1 ? 'the earlier run' : `all ${runs} earlier runs`}` };
  const chance = (runs / (runs + 1)) ** runs / (runs + 1);
  const percent = `${Math.round(chance * 100)} %`;
  const why = `otherwise than in ${runs === 1 ? 'the one earlier run' : `all ${runs} earlier runs`}; what comes and goes by chance does so in up to ${percent}`;
  if (chance > 0.05) return { ...same, change: 'unknown', why };
  return { ...same, change: value > usual === (better === 'higher') ? 'better' : 'worse', noise: 'repeated', why };
}
