import { median, sum } from './robust.ts';

/** One second of load. `WindowSummary` satisfies it; so does the analysis of the full windows. */
export interface SteadyPoint {
  /** Epoch second: the requests that ended in [t, t+1). */
  t: number;
  requests: number;
  failures: number;
  /** Over all outcomes; null without requests. */
  p50Ms: number | null;
  p95Ms: number | null;
}

/** The signals of one second or of one sliding window. `null`: too little traffic to tell. */
export interface Signals {
  t: number;
  requests: number;
  /** 0..1 */
  errorRate: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
  /** Requests a second. */
  throughput: number;
}

/**
 * One point for each second from the first to the last, in order. Of two points for one second the later in the
 * list wins; a second without a point had no request that ended in it.
 */
export function everySecond(points: readonly SteadyPoint[]): SteadyPoint[] {
  const byTime = new Map(points.map((p) => [p.t, p]));
  if (byTime.size === 0) return [];
  const times = [...byTime.keys()].sort((a, b) => a - b);
  const first = times[0]!;
  return Array.from(
    { length: times.at(-1)! - first + 1 },
    (_, i) => byTime.get(first + i) ?? { t: first + i, requests: 0, failures: 0, p50Ms: null, p95Ms: null },
  );
}

export const signalsOf = (p: SteadyPoint): Signals => ({
  t: p.t,
  requests: p.requests,
  errorRate: p.requests > 0 ? p.failures / p.requests : null,
  p50Ms: p.p50Ms,
  p95Ms: p.p95Ms,
  throughput: p.requests,
});

/**
 * The window [t, t + seconds) for each t at which it fits. The error rate pools the requests; latency and throughput
 * are the median of the seconds' own values: a filter against one stalled second, not an estimate of a percentile.
 */
export function slide(seconds: readonly SteadyPoint[], length: number, minRequests: number): Signals[] {
  const windows: Signals[] = [];
  for (let i = 0; i + length <= seconds.length; i++) {
    const part = seconds.slice(i, i + length);
    const requests = sum(part.map((p) => p.requests));
    const enough = requests >= minRequests;
    windows.push({
      t: part[0]!.t,
      requests,
      errorRate: enough ? sum(part.map((p) => p.failures)) / requests : null,
      p50Ms: enough ? median(part.flatMap((p) => p.p50Ms ?? [])) : null,
      p95Ms: enough ? median(part.flatMap((p) => p.p95Ms ?? [])) : null,
      throughput: median(part.map((p) => p.requests))!,
    });
  }
  return windows;
}
