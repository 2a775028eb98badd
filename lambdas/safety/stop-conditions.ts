import type { WindowSummary } from '../evidence/window.ts';
import type { Run } from '../runs/run.ts';
import type { RunContext } from '../runs/run-context.ts';
import { describeWindow, excludedBetween } from './excluded-windows.ts';
import type { StopConditions } from './safety-limits.ts';

export const stopConditionBy = 'a stop condition';
/** Seconds by which the newest windows may still be on their way from the load generator. */
const windowsLateBy = 3;
const alarmEverySeconds = 5;

/**
 * Looks at the conditions under which the target's owner wants a run to end: as often as it is called, but at alarms
 * only every few seconds. Returns the reason to stop, or null; the reason is kept as the run's request to stop.
 */
export function stopConditions(context: RunContext): () => Promise<string | null> {
  const { run, runs, clock, alarms, io } = context;
  const { stopConditions: limits, excludedWindows } = io.target.safety;
  let alarmsReadAt = Number.NEGATIVE_INFINITY;

  async function reason(): Promise<string | null> {
    const now = clock.now();
    const excluded = excludedBetween(excludedWindows, now, now);
    if (excluded) return `the excluded window ${describeWindow(excluded)} has begun`;
    const overdue = pastMaximum(limits, run, now);
    if (overdue) return overdue;
    const seconds = Math.max(limits.errorRate?.seconds ?? 0, limits.p95?.seconds ?? 0);
    const windows = seconds > 0 ? await runs.windows(run.runId, now - seconds - windowsLateBy - 1) : [];
    const limit = brokenLimit(limits, windows);
    if (limit) return limit;
    if (limits.alarms.length === 0 || now < alarmsReadAt + alarmEverySeconds) return null;
    alarmsReadAt = now;
    const [alarm] = await alarms.alarming(limits.alarms);
    return alarm === undefined ? null : `CloudWatch alarm ${alarm} is in ALARM`;
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

/** Judged on the latest windows without a gap, as many as the limit asks for: with fewer there is no judgement. */
export function brokenLimit({ errorRate, p95 }: StopConditions, windows: readonly WindowSummary[]): string | null {
  if (errorRate) {
    const latest = latestOf(windows, errorRate.seconds);
    const requests = latest.reduce((sum, w) => sum + w.requests, 0);
    const failures = latest.reduce((sum, w) => sum + w.failures, 0);
    const percent = (100 * failures) / requests;
    if (requests > 0 && percent > errorRate.percent) {
      return `error rate ${percent.toFixed(1)} % over ${errorRate.seconds} s is above its limit of ${errorRate.percent} %`;
    }
  }
  if (p95) {
    const latest = latestOf(windows, p95.seconds);
    const least = Math.min(...latest.map((w) => w.p95Ms ?? 0));
    if (latest.length > 0 && least > p95.ms) {
      return `p95 was above its limit of ${p95.ms} ms for ${p95.seconds} s (${Math.round(least)} ms and more)`;
    }
  }
  return null;
}

function latestOf(windows: readonly WindowSummary[], seconds: number): WindowSummary[] {
  const latest = windows.slice(-seconds);
  const [first, last] = [latest[0], latest.at(-1)];
  return first && last && latest.length === seconds && last.t - first.t === seconds - 1 ? latest : [];
}
