import type { AppMetric, Sample } from '../evidence/sample.ts';
import { increase } from './counters.ts';
import type { HealthPoint } from './steady-state.ts';

/** One sample a second in order of time; of overlapping slices the sample that was probed first wins. */
export function uniqueSamples(samples: readonly Sample[]): Sample[] {
  const byTime = new Map<number, Sample>();
  for (const s of samples) {
    const known = byTime.get(s.t);
    if (!known || s.at < known.at) byTime.set(s.t, s);
  }
  return [...byTime.values()].sort((a, b) => a.t - b.t);
}

/** When the probes of a sample started. `at` is the fraction of its second. */
export const probedAt = (s: Sample): number => s.t + s.at;

export const samplesIn = (samples: readonly Sample[], span: { start: number; end: number }): Sample[] =>
  samples.filter((s) => probedAt(s) >= span.start && probedAt(s) < span.end);

export const healthOf = (s: Sample): HealthPoint => ({
  t: s.t,
  status: 'status' in s.health ? s.health.status : null,
});

/** The value of one of the application's own metrics; null where the probe failed or the application has no such. */
export const appMetric = (s: Sample, metric: AppMetric): number | null => ('error' in s.app ? null : s.app[metric]);

/** All values of a gauge that were read. */
export const gauge = (samples: readonly Sample[], metric: AppMetric): number[] =>
  samples.flatMap((s) => appMetric(s, metric) ?? []);

/**
 * How much a counter of the application rose within a span. The readings just outside of it stand in for those that
 * failed at its ends. Null with fewer than two readings.
 */
export function counted(
  samples: readonly Sample[],
  metric: AppMetric,
  { start, end }: { start: number; end: number },
): number | null {
  const readings = samples
    .map((s) => ({ at: probedAt(s), value: appMetric(s, metric) }))
    .filter((r) => r.value !== null);
  const inside = readings.filter((r) => r.at >= start && r.at < end);
  const before = readings.findLast((r) => r.at < start);
  const after = readings.find((r) => r.at >= end);
  return increase([...(before ? [before] : []), ...inside, ...(after ? [after] : [])])?.total ?? null;
}
