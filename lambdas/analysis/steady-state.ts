import { median, medianAbsoluteDeviation, sum } from './robust.ts';
import { everySecond, type Signals, type SteadyPoint, signalsOf, slide } from './sliding.ts';

export type { SteadyPoint } from './sliding.ts';

/** The figures of the rule in one place; docs/scoring.md explains them. */
export const steadyRule = {
  windowSeconds: 5,
  /** Windows in a row that leaving the band and being back in it take. */
  consecutive: 3,
  /** Below this a window says nothing about errors or latency. */
  minRequests: 20,
  minWindows: 3,
  /** Multiple of the unscaled MAD of single seconds, which are about twice as noisy as the windows that are judged. */
  k: 8,
  latencyFloorShare: 0.25,
  latencyFloorMs: 20,
  errorFloor: 0.005,
  throughputFloorShare: 0.1,
  maxBaselineErrorRate: 0.01,
  minHealthyShare: 0.9,
} as const;

export type SteadyMetric = 'errorRate' | 'p50Ms' | 'p95Ms' | 'throughput';
const metrics: readonly SteadyMetric[] = ['errorRate', 'p50Ms', 'p95Ms', 'throughput'];

/** `limit` is the harmful side: the most for error rate and latency, the least for throughput. */
export interface Limit {
  median: number;
  mad: number;
  limit: number;
}

export interface SteadyBand extends Record<SteadyMetric, Limit> {
  /** Seconds of the baseline, [from, to). */
  from: number;
  to: number;
  requests: number;
}

export interface Unsteady {
  unsteady: string;
}

/** One health probe: the HTTP status, or null when it got no answer. */
export interface HealthPoint {
  t: number;
  status: number | null;
}

export interface Excursion {
  /** First second outside. */
  at: number;
  /** Start of the second in which the rule could first tell. */
  confirmedAt: number;
  metric: SteadyMetric;
  value: number;
  limit: number;
}

export interface Return {
  /** First second from which the windows are back inside. */
  at: number;
  /** End of the first second that is by itself strictly inside: the latest that the return can have been. */
  certainBy: number;
  confirmedAt: number;
}

export const isUnsteady = (b: SteadyBand | Unsteady): b is Unsteady => 'unsteady' in b;

/**
 * The band of each metric over sliding 5 s windows of the baseline: median plus max(k·MAD, floor), on the harmful side
 * (being faster than the baseline, or busier, is no deviation).
 *
 * @param baseline one point a second; seconds between the first and the last that are missing had no requests
 * @param health the health probes of the same time, where there are any
 */
export function steadyBand(
  baseline: readonly SteadyPoint[],
  health: readonly HealthPoint[] = [],
): SteadyBand | Unsteady {
  const seconds = everySecond(baseline);
  const windows = slide(seconds, steadyRule.windowSeconds, steadyRule.minRequests);
  const reason = whyUnsteady(seconds, windows, health);
  if (reason) return { unsteady: reason };
  const raw = seconds.map(signalsOf);
  const of = (metric: SteadyMetric) =>
    limitOf(
      metric,
      windows.map((w) => w[metric]!),
      raw.flatMap((s) => s[metric] ?? []),
    );
  return {
    from: seconds[0]!.t,
    to: seconds.at(-1)!.t + 1,
    requests: sum(seconds.map((p) => p.requests)),
    errorRate: of('errorRate'),
    p50Ms: of('p50Ms'),
    p95Ms: of('p95Ms'),
    throughput: of('throughput'),
  };
}

/**
 * The MAD is the larger of the sliding windows' and the single seconds': in a quick baseline the windows overlap so
 * much that only three are independent, and their MAD alone is far too small.
 */
function limitOf(metric: SteadyMetric, windows: number[], seconds: number[]): Limit {
  const centre = median(windows)!;
  const mad = Math.max(medianAbsoluteDeviation(windows)!, medianAbsoluteDeviation(seconds)!);
  const width = Math.max(steadyRule.k * mad, floor(metric, centre));
  return { median: centre, mad, limit: metric === 'throughput' ? Math.max(0, centre - width) : centre + width };
}

function floor(metric: SteadyMetric, centre: number): number {
  if (metric === 'errorRate') return steadyRule.errorFloor;
  if (metric === 'throughput') return steadyRule.throughputFloorShare * centre;
  return Math.max(steadyRule.latencyFloorMs, steadyRule.latencyFloorShare * centre);
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function whyUnsteady(seconds: SteadyPoint[], windows: Signals[], health: readonly HealthPoint[]): string | null {
  const { minWindows, windowSeconds, minRequests, maxBaselineErrorRate, minHealthyShare } = steadyRule;
  if (windows.length < minWindows) {
    return `the baseline has ${seconds.length} s of load and needs ${windowSeconds + minWindows - 1} s`;
  }
  const thin = thinTraffic(windows);
  if (thin !== null) {
    return `too little traffic: ${thin} requests in ${windowSeconds} s of the baseline, at least ${minRequests} needed`;
  }
  const rate = sum(seconds.map((p) => p.failures)) / sum(seconds.map((p) => p.requests));
  if (rate >= maxBaselineErrorRate) {
    return `the baseline's error rate is ${percent(rate)}, the limit is ${percent(maxBaselineErrorRate)}`;
  }
  const bad = health.filter((h) => h.status !== 200);
  if (bad.length > (1 - minHealthyShare) * health.length) {
    const seen = [...new Set(bad.map((h) => (h.status === null ? 'no answer' : String(h.status))))].join(', ');
    return `health was not 200 in ${bad.length} of ${health.length} probes of the baseline (${seen})`;
  }
  return null;
}

/** The requests of the sliding window that has fewest, where they are too few to tell anything by; else null. */
function thinTraffic(windows: readonly Signals[]): number | null {
  const fewest = Math.min(...windows.map((w) => w.requests));
  return fewest < steadyRule.minRequests ? fewest : null;
}

/** Whether a baseline says nothing because hardly anybody asked. */
export const hasTooLittleTraffic = (baseline: readonly SteadyPoint[]): boolean =>
  thinTraffic(slide(everySecond(baseline), steadyRule.windowSeconds, steadyRule.minRequests)) !== null;

function outside(value: number | null, metric: SteadyMetric, band: SteadyBand): boolean {
  if (value === null) return false;
  return metric === 'throughput' ? value < band[metric].limit : value > band[metric].limit;
}

const inside = (s: Signals, band: SteadyBand) => metrics.every((m) => s[m] !== null && !outside(s[m], m, band));

/** A run of `consecutive` windows beginning at index i, or null where the data end before it. */
const runAt = (windows: Signals[], i: number) =>
  i + steadyRule.consecutive <= windows.length ? windows.slice(i, i + steadyRule.consecutive) : null;

const span = steadyRule.windowSeconds + steadyRule.consecutive - 1;

/**
 * The first time that one metric is outside its band for three sliding windows in a row, dated back to the first
 * second that is itself outside. Only seconds in [from, to) count.
 *
 * @param only look at these metrics; all by default
 */
export function firstOutside(
  points: readonly SteadyPoint[],
  band: SteadyBand,
  from: number,
  to = Number.POSITIVE_INFINITY,
  only: readonly SteadyMetric[] = metrics,
): Excursion | null {
  const seconds = everySecond(points).filter((p) => p.t >= from && p.t < to);
  const windows = slide(seconds, steadyRule.windowSeconds, steadyRule.minRequests);
  for (let i = 0; i < windows.length; i++) {
    const run = runAt(windows, i);
    if (!run) return null;
    const part = seconds.slice(i, i + span).map(signalsOf);
    // A second in which nothing ended is not inside either: requests hang.
    const lasting = (m: SteadyMetric) =>
      part.filter((s) => s[m] === null || outside(s[m], m, band)).length >= steadyRule.consecutive;
    const metric = only.find((m) => run.every((w) => outside(w[m], m, band)) && lasting(m));
    if (metric) return excursion(seconds.slice(i, i + span), metric, band, run[0]!);
  }
  return null;
}

function excursion(seconds: SteadyPoint[], metric: SteadyMetric, band: SteadyBand, window: Signals): Excursion {
  const first = seconds.map(signalsOf).find((s) => outside(s[metric], metric, band));
  return {
    at: first?.t ?? window.t,
    confirmedAt: seconds[0]!.t + span,
    metric,
    value: window[metric]!,
    limit: band[metric].limit,
  };
}

/** True when the last sliding window that ends before `t` has a metric outside its band. */
export function isOutsideAt(points: readonly SteadyPoint[], band: SteadyBand, t: number): boolean {
  const seconds = everySecond(points).filter((p) => p.t >= t - steadyRule.windowSeconds && p.t < t);
  const window = slide(seconds, steadyRule.windowSeconds, steadyRule.minRequests).at(-1);
  return window !== undefined && metrics.some((m) => outside(window[m], m, band));
}

/**
 * The first second at or after `from` at which three sliding windows in a row begin that are inside every band, with
 * the minimum of traffic. The second itself must be clean too, or the window's filter would date the return up to two
 * seconds early. `null`: not back (yet): telling takes 7 s of load.
 */
export function firstBackInside(points: readonly SteadyPoint[], band: SteadyBand, from: number): Return | null {
  const seconds = everySecond(points).filter((p) => p.t >= from);
  const windows = slide(seconds, steadyRule.windowSeconds, steadyRule.minRequests);
  for (let i = 0; i < windows.length; i++) {
    const run = runAt(windows, i);
    if (!run) return null;
    if (!run.every((w) => inside(w, band)) || !roughlyInside(seconds[i]!, band)) continue;
    const strict = seconds.slice(i, i + span).find((s) => inside(signalsOf(s), band));
    return { at: seconds[i]!.t, certainBy: (strict?.t ?? seconds[i]!.t + span) + 1, confirmedAt: seconds[i]!.t + span };
  }
  return null;
}

/** One raw second is noisy, so it gets twice the latency, half the throughput and one failed request. */
function roughlyInside(p: SteadyPoint, band: SteadyBand): boolean {
  return (
    p.failures <= Math.max(1, band.errorRate.limit * p.requests) &&
    (p.p50Ms ?? Number.POSITIVE_INFINITY) <= 2 * band.p50Ms.limit &&
    (p.p95Ms ?? Number.POSITIVE_INFINITY) <= 2 * band.p95Ms.limit &&
    p.requests >= band.throughput.limit / 2
  );
}
