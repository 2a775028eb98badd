import type { WindowSummary } from '../evidence/window.ts';
import type { Run } from '../runs/run.ts';
import type { RunContext } from '../runs/run-context.ts';
import { describeWindow, excludedBetween } from './excluded-windows.ts';
import type { StopConditions } from './safety-limits.ts';

export const stopConditionBy = 'a stop condition';
/** Seconds by which the newest windows may still be on their way from the load generator. */
const windowsLateBy = 3;
const alarmEverySeconds = 5;
const silenceSeconds = 15;

/**
 * Looks at the conditions under which the target's owner wants a run to end: as often as it is called, but at alarms
 * only every few seconds. Returns the reason to stop, or null; the reason is kept as the run's request to stop.
 */
export function stopConditions(context: RunContext): () => Promise<string | null> {
  const { run, runs, clock, alarms, io } = context;
  const { stopConditions: limits, excludedWindows } = io.target.safety;
  let alarmsReadAt = Number.NEGATIVE_INFINITY;
  /** The newest window that was seen. */
  let heardAt: number | null = null;

  async function reason(): Promise<string | null> {
    const now = clock.now();
    const excluded = excludedBetween(excludedWindows, now, now);
    if (excluded) return `the excluded window ${describeWindow(excluded)} has begun`;
    const overdue = pastMaximum(limits, run, now);
    if (overdue) return overdue;
    const seconds = Math.max(limits.errorRate?.seconds ?? 0, limits.p95?.seconds ?? 0);
    const windows = seconds > 0 ? await runs.windows(run.runId, now - seconds - windowsLateBy - 1) : [];
    const limit = brokenLimit(limits, windows) ?? silence(windows, now);
    if (limit) return limit;
    if (limits.alarms.length === 0 || now < alarmsReadAt + alarmEverySeconds) return null;
    alarmsReadAt = now;
    const [alarm] = await alarms.alarming(limits.alarms);
    return alarm === undefined ? null : `CloudWatch alarm ${alarm} is in ALARM`;
  }

  /** The load's figures have ended: then no limit can be judged. */
  function silence(windows: readonly WindowSummary[], now: number): string | null {
    heardAt = windows.at(-1)?.t ?? heardAt;
    if (heardAt === null || now - heardAt < silenceSeconds) return null;
    return `the load has told no figures for ${silenceSeconds} s, so its limits cannot be judged`;
  }

  return async () => {
    const found = await reason();
    if (found !== null) await runs.requestStop(run.runId, { reason: found, by: stopConditionBy, at: clock.now() });
    return found;
  };
}

function pastMaximum({ maximumSeconds }: StopConditions, { createdAt }: Run, now: number): string | null {
  if (maximumSeconds === null || now < createdAt + maximumSeconds) return null;
  return `it has run for the maximum of ${maximumSeconds} s`;
}

/**
 * Judged on the last `seconds` seconds up to the newest window. With more than a fifth of their windows missing there is
 * no judgement; when no request was completed in all that time there is nothing worse to wait for.
 */
export function brokenLimit({ errorRate, p95 }: StopConditions, windows: readonly WindowSummary[]): string | null {
  if (errorRate) {
    const latest = latestOf(windows, errorRate.seconds);
    const requests = latest.reduce((sum, w) => sum + w.requests, 0);
    const failures = latest.reduce((sum, w) => sum + w.failures, 0);
    const percent = (100 * failures) / requests;
    if (latest.length > 0 && requests === 0) return nothingCompleted(errorRate.seconds);
    if (percent > errorRate.percent) {
      return `error rate ${percent.toFixed(1)} % over ${errorRate.seconds} s is above its limit of ${errorRate.percent} %`;
    }
  }
  if (p95) {
    const latest = latestOf(windows, p95.seconds);
    const values = latest.flatMap((w) => w.p95Ms ?? []);
    if (latest.length > 0 && values.length === 0) return nothingCompleted(p95.seconds);
    const least = Math.min(...values);
    if (values.length > 0 && least > p95.ms) {
      return `p95 was above its limit of ${p95.ms} ms for ${p95.seconds} s (${Math.round(least)} ms and more)`;
    }
  }
  return null;
}

const nothingCompleted = (seconds: number) => `no request was completed for ${seconds} s`;
const leastShare = 0.8;

function latestOf(windows: readonly WindowSummary[], seconds: number): WindowSummary[] {
  const newest = windows.at(-1)?.t ?? 0;
  const latest = windows.filter(({ t }) => t > newest - seconds);
  const spans = windows.some(({ t }) => t <= newest - seconds + 1);
  return spans && latest.length >= seconds * leastShare ? latest : [];
}
