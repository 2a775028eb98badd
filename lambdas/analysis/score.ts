import type { BehaviourResult, Observation, Rto, Score } from '../report/report.schema.ts';
import { servedShare } from './behaviours/served.ts';
import { type Interval, intervalOf } from './bootstrap.ts';
import type { Facts } from './facts.ts';
import { percent, secondsText, targetText } from './format.ts';

/** What the score is computed from. `null`: not observed; it lowers the coverage and nothing else. */
export interface ScoreInput {
  /** Successful requests a second during the fault as a share of the baseline's, 0..1. */
  served: number | null;
  /** Requests during the fault that ended in anything but success or a clean refusal (503, 429), 0..1. */
  unclean: number | null;
  degradation: readonly Observation[];
  errors: readonly Observation[];
  rto: Pick<Rto, 'basis' | 'seconds' | 'low' | 'censored' | 'targetSeconds'> | null;
}

/** The input as it might as well have been, and the seconds of load that it was drawn from. */
export interface ScoreDraws {
  inputs: readonly ScoreInput[];
  seconds: number;
}

/** Which behaviours speak for which part of the score: what users keep, and what becomes of the rest. */
export const scoredBehaviours = {
  degradation: [
    'graceful-degradation',
    'fail-open-caching',
    'database-fallback',
    'session-storage',
    'performance-impact',
    'user-feedback',
    'queue-buildup',
    'oom-killer',
    'process-crashes',
    'swap-thrashing',
    'request-queuing',
    'worker-starvation',
    'lost-requests',
  ],
  errors: [
    'health-503',
    'error-messages',
    'connection-pool',
    'automatic-retry',
    'rate-limiting',
    'timeout-handling',
    'circuit-breaker',
    'retry-logic',
    'request-timeout-30s',
    'connection-release',
    'timeout-errors',
    'recovery',
    'supervisor-restart',
  ],
} as const;

const scoredIds: readonly string[] = [...scoredBehaviours.degradation, ...scoredBehaviours.errors];
export const isScored = (behaviourId: string): boolean => scoredIds.includes(behaviourId);

/** Where a scenario has no RTO target. */
const usualTargetSeconds = 300;
const leastCoverage = 0.5;

const round = (n: number) => Math.round(n * 10) / 10;
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/**
 * docs/scoring.md has the formulas. Better behaviour never lowers a part or the overall score.
 *
 * @param draws without them there are no intervals
 */
export function scoreOf(input: ScoreInput, draws: ScoreDraws | null = null): Score {
  const { parts, overall, coverage } = marks(input);
  const drawn = draws?.inputs.map(marks) ?? [];
  const interval = (value: number | null, of: readonly number[]) =>
    value === null || !draws || of.length === 0 ? null : around(value, intervalOf(of, draws.seconds));
  const part = (name: PartName) => ({
    value: parts[name].raw === null ? null : round(parts[name].raw),
    interval: interval(
      parts[name].raw,
      drawn.flatMap((d) => d.parts[name].raw ?? []),
    ),
    basis: parts[name].basis,
  });
  return {
    gracefulDegradation: part('gracefulDegradation'),
    recoveryTime: part('recoveryTime'),
    errorHandling: part('errorHandling'),
    overall: overall === null ? null : round(overall),
    overallInterval: interval(
      overall,
      drawn.flatMap((d) => d.overall ?? []),
    ),
    coverage: Math.round(coverage * 100) / 100,
  };
}

interface Part {
  raw: number | null;
  basis: string;
}
const partNames = ['gracefulDegradation', 'recoveryTime', 'errorHandling'] as const;
type PartName = (typeof partNames)[number];

interface Marks {
  parts: Record<PartName, Part>;
  overall: number | null;
  coverage: number;
}

function marks(input: ScoreInput): Marks {
  const parts = {
    gracefulDegradation: halves(input.served, input.degradation, (v) => `${percent(v)} of the usual requests served`),
    recoveryTime: recoveryPart(input.rto),
    errorHandling: halves(
      input.unclean === null ? null : 1 - input.unclean,
      input.errors,
      (v) => `${percent(v)} of the requests succeeded or were refused cleanly`,
    ),
  };
  const coverage = coverageOf(input);
  const known = partNames.flatMap((name) => parts[name].raw ?? []);
  return { parts, overall: known.length > 0 && coverage >= leastCoverage ? mean(known) : null, coverage };
}

/** The figure itself is always within: the formula is not linear, and so few windows may all be drawn on one side of it. */
const around = (value: number, { low, high }: Interval): Interval => ({
  low: round(Math.min(low, value)),
  high: round(Math.max(high, value)),
});

const worth: Partial<Record<Observation, number>> = { yes: 1, partly: 0.5, no: 0 };
const seen = (observations: readonly Observation[]) => observations.flatMap((o) => worth[o] ?? []);

/** Half from the requests, half from the behaviours; the whole from the one that was observed. */
function halves(share: number | null, observations: readonly Observation[], describe: (v: number) => string): Part {
  const values = seen(observations);
  const behaviours = values.length ? mean(values) : null;
  const halvesSeen = [share, behaviours].flatMap((v) => v ?? []);
  if (halvesSeen.length === 0) return { raw: null, basis: 'not observed' };
  const basis = [
    ...(share === null ? [] : [describe(share)]),
    ...(behaviours === null ? [] : [`${sumText(values)} of ${values.length} behaviours`]),
  ].join('; ');
  return { raw: 10 * mean(halvesSeen), basis };
}

const sumText = (values: readonly number[]) => String(values.reduce((a, b) => a + b, 0));

/** 10 up to a tenth of the target, 5 at the target, 0 at twice the target, straight lines between. */
function recoveryPart(rto: ScoreInput['rto']): Part {
  if (rto === null) return { raw: null, basis: 'not observed' };
  if (rto.censored || rto.seconds === null) {
    return { raw: 0, basis: `not recovered when the limit came after ${secondsText(rto.low)}` };
  }
  if (rto.basis === 'restore') return { raw: 10, basis: 'no user-visible outage' };
  const target = rto.targetSeconds ?? usualTargetSeconds;
  const ratio = rto.seconds / target;
  const raw = ratio <= 0.1 ? 10 : ratio <= 1 ? 10 - (5 * (ratio - 0.1)) / 0.9 : Math.max(0, 5 * (2 - ratio));
  return { raw, basis: `recovered after ${secondsText(rto.seconds)}, ${percent(ratio)} of ${targetText(target)}` };
}

/** Observed inputs as a share of those that apply. */
function coverageOf({ served, unclean, degradation, errors, rto }: ScoreInput): number {
  const applicable = [...degradation, ...errors].filter((o) => o !== 'not-applicable');
  const observed = applicable.filter((o) => o !== 'unknown').length;
  const single = [served, unclean, rto].filter((v) => v !== null).length;
  return (observed + single) / (applicable.length + 3);
}

/** The score's inputs from the evidence of a run. */
export function scoreInput(facts: Facts, behaviours: readonly BehaviourResult[], rto: Rto | null): ScoreInput {
  const of = (ids: readonly string[]) => behaviours.filter((b) => ids.includes(b.id)).map((b) => b.observed);
  const load = facts.during?.load;
  const { ok = 0, http_503 = 0, http_429 = 0 } = load?.byOutcome ?? {};
  return {
    served: facts.before && load ? servedShare(facts.before.load, load) : null,
    unclean: load?.requests ? 1 - (ok + http_503 + http_429) / load.requests : null,
    degradation: of(scoredBehaviours.degradation),
    errors: of(scoredBehaviours.errors),
    rto,
  };
}
