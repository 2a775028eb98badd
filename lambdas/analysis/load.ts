import type { Outcome, Window } from '../evidence/window.ts';
import { type Histogram, merged, quantileMs, sharing } from './histogram.ts';
import { decodeCounts } from './histogram-encoding.ts';
import { sum } from './robust.ts';
import type { SteadyPoint } from './sliding.ts';

/** One second of load, decoded once: its points for the steady state, its buckets for the percentiles. */
export interface LoadSecond extends SteadyPoint {
  users: number;
  retryAfter: number;
  cells: { endpoint: string; outcome: Outcome; count: number }[];
  errorSamples: Window['errorSamples'];
  all: Histogram;
  failed: Histogram;
  /** Of paced users, from the intended start; with the requests that they missed. */
  intended: Histogram;
  missed: number;
}

/**
 * Every second from the first window on, in order of time; slices of one second are added up. A second without a window
 * is one in which no request ended: while requests hang there is nothing else to see of them.
 *
 * @param until the load ran at least until then
 */
export function loadSeconds(windows: readonly Window[], until: number): LoadSecond[] {
  if (windows.length === 0) return [];
  const slices = Map.groupBy(windows, (w) => w.t);
  const times = [...slices.keys()];
  const first = times.reduce((a, b) => Math.min(a, b));
  const end = times.reduce((a, b) => Math.max(a, b + 1), Math.floor(until));
  const share = sharing();
  return Array.from({ length: end - first }, (_, i) => {
    const second = loadSecond(first + i, slices.get(first + i) ?? []);
    const { all, failed, intended } = second;
    return { ...second, all: share(all), failed: share(failed), intended: share(intended) };
  });
}

function loadSecond(t: number, parts: Window[]): LoadSecond {
  const encoded = parts.flatMap((w) => w.cells);
  const decoded = encoded.map(({ histogram, outcome }) => ({ outcome, counts: decodeCounts(histogram) }));
  const all = merged(decoded.map((d) => d.counts));
  const failed = merged(decoded.flatMap((d) => (d.outcome === 'ok' ? [] : [d.counts])));
  const requests = sum(encoded.map((c) => c.count));
  return {
    t,
    users: Math.max(0, ...parts.map((w) => w.users)),
    requests,
    failures: sum(encoded.map((c) => (c.outcome === 'ok' ? 0 : c.count))),
    p50Ms: quantileMs(all, 0.5),
    p95Ms: quantileMs(all, 0.95),
    retryAfter: sum(parts.map((w) => w.retryAfter)),
    cells: encoded.map(({ endpoint, outcome, count }) => ({ endpoint, outcome, count })),
    errorSamples: parts.flatMap((w) => w.errorSamples),
    all,
    failed,
    intended: merged(parts.flatMap((w) => (w.paced ? [decodeCounts(w.paced.histogram)] : []))),
    missed: sum(parts.map((w) => w.paced?.missed ?? 0)),
  };
}

export interface EndpointTally {
  endpoint: string;
  requests: number;
  ok: number;
}

/** The load of one phase: whole seconds only, so that no second belongs to two columns. */
export interface PhaseLoad {
  /** Whole seconds that the phase spans, with or without requests. */
  seconds: number;
  windows: LoadSecond[];
  requests: number;
  failures: number;
  byOutcome: Partial<Record<Outcome, number>>;
  byEndpoint: EndpointTally[];
  retryAfter: number;
  errorSamples: Window['errorSamples'];
}

/** The seconds that lie wholly in [start, end). */
export function phaseLoad(seconds: readonly LoadSecond[], span: { start: number; end: number }): PhaseLoad {
  const first = Math.ceil(span.start);
  const last = Math.floor(span.end);
  const windows = seconds.filter((s) => s.t >= first && s.t + 1 <= last);
  return loadOf(windows, Math.max(0, last - first));
}

/** The same of windows in order, `seconds` being the time that they stand for. */
export function loadOf(windows: LoadSecond[], seconds: number): PhaseLoad {
  const byOutcome: PhaseLoad['byOutcome'] = {};
  const endpoints = new Map<string, EndpointTally>();
  for (const { cells } of windows) {
    for (const { endpoint, outcome, count } of cells) {
      byOutcome[outcome] = (byOutcome[outcome] ?? 0) + count;
      const tally = endpoints.get(endpoint) ?? { endpoint, requests: 0, ok: 0 };
      tally.requests += count;
      if (outcome === 'ok') tally.ok += count;
      endpoints.set(endpoint, tally);
    }
  }
  return {
    seconds,
    windows,
    requests: sum(windows.map((w) => w.requests)),
    failures: sum(windows.map((w) => w.failures)),
    byOutcome,
    byEndpoint: [...endpoints.values()].sort((a, b) => a.endpoint.localeCompare(b.endpoint)),
    retryAfter: sum(windows.map((w) => w.retryAfter)),
    errorSamples: windows.flatMap((w) => w.errorSamples),
  };
}

/** Failed requests as a share of all, 0..1; null without requests. */
export const errorRate = (p: PhaseLoad): number | null => (p.requests > 0 ? p.failures / p.requests : null);

/** Requests a second; null for a phase without a whole second. */
export const throughput = (p: PhaseLoad): number | null => (p.seconds > 0 ? p.requests / p.seconds : null);

/**
 * How many requests were in flight on average, by Little's law (1961): throughput × mean response time. Null for a phase
 * without a whole second.
 */
export const inFlight = (p: PhaseLoad): number | null =>
  p.seconds > 0 ? sum(p.windows.flatMap((w) => w.all).map(([us, n]) => (us / 1e6) * n)) / p.seconds : null;
