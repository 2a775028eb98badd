import type { Sample } from '../evidence/sample.ts';
import type { LoadSecond } from './load.ts';
import { sum } from './robust.ts';
import { counted } from './samples.ts';

/** The application's own limit of a request, as the document that the report fills has it, in ms. */
export const requestLimitMs = 30_000;
/** What an answer may be late beyond the limit: timers, a busy event loop, the way to the client. */
const graceMs = 1500;
export const latestMs = requestLimitMs + graceMs;
const earliestMs = requestLimitMs - 500;

export interface Timeouts {
  /** Requests that their clients gave up. */
  clients: number;
  /** Requests that the application ended at its limit. */
  atLimit: number;
  /** `counter`: the application's own; `windows`: failures that took as long as the limit. */
  source: 'counter' | 'windows';
  requests: number;
  /** The slowest request that ended; null without one. */
  slowestMs: number | null;
}

/** How requests ran out of time within a span. */
export function timeoutsIn(
  windows: readonly LoadSecond[],
  samples: readonly Sample[],
  span: { start: number; end: number },
): Timeouts {
  const counter = counted(samples, 'requestTimeouts', span);
  const slow = windows.flatMap((w) => w.failed).filter(([us]) => us >= earliestMs * 1000 && us <= latestMs * 1000);
  const buckets = windows.flatMap((w) => w.all);
  return {
    clients: sum(windows.flatMap((w) => w.cells).map((c) => (c.outcome === 'timeout' ? c.count : 0))),
    atLimit: counter ?? sum(slow.map(([, n]) => n)),
    source: counter === null ? 'windows' : 'counter',
    requests: sum(windows.map((w) => w.requests)),
    slowestMs: buckets.length ? buckets.reduce((most, [us]) => Math.max(most, us), 0) / 1000 : null,
  };
}
