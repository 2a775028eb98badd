import { countUpTo } from './histogram.ts';
import type { LoadSecond } from './load.ts';
import { sum } from './robust.ts';

/**
 * Apdex (Application Performance Index, technical specification 1.1): satisfied up to T, tolerating up to 4 T, and
 * frustrated beyond it or by a failure. T is 0.5 s, what most monitoring products take for a web application.
 */
export const apdexRule = { satisfiedMs: 500, toleratedMs: 2000, smallGroup: 100 } as const;

/** The specification's ratings and where each begins. */
const ratings = [
  ['Excellent', 0.94],
  ['Good', 0.85],
  ['Fair', 0.7],
  ['Poor', 0.5],
  ['Unacceptable', 0],
] as const;
export type Rating = (typeof ratings)[number][0];

export interface Apdex {
  /** 0..1 */
  score: number;
  rating: Rating;
  requests: number;
  /** Shares of all requests, 0..1. */
  satisfied: number;
  tolerating: number;
  frustrated: number;
}

/** Null without a request that ended. */
export function apdexOf(windows: readonly LoadSecond[]): Apdex | null {
  const requests = sum(windows.map((w) => w.requests));
  if (requests === 0) return null;
  const within = (ms: number) => sum(windows.map((w) => countUpTo(w.all, ms) - countUpTo(w.failed, ms))) / requests;
  const satisfied = within(apdexRule.satisfiedMs);
  const tolerating = within(apdexRule.toleratedMs) - satisfied;
  const score = satisfied + tolerating / 2;
  return { score, rating: ratingOf(score), requests, satisfied, tolerating, frustrated: 1 - satisfied - tolerating };
}

/** The specification rates the score as it is reported, with two digits. */
const ratingOf = (score: number): Rating => ratings.find(([, from]) => Math.round(score * 100) >= from * 100)![0];

/** 0 is the best. */
export const rank = (rating: Rating): number => ratings.findIndex(([name]) => name === rating);
