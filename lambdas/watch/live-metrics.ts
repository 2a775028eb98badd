import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { cpuBusy, memoryUsed } from '../analysis/hosts.ts';
import { appMetric, healthOf, uniqueSamples } from '../analysis/samples.ts';
import { liveMetricNames as names } from '../dashboards/metric-names.ts';
import type { HostSample } from '../evidence/host-sample.ts';
import type { Sample } from '../evidence/sample.ts';
import type { WindowSummary } from '../evidence/window.ts';

/** What was seen of a run in some seconds, in any order. */
export interface Seen {
  windows: readonly WindowSummary[];
  samples: readonly Sample[];
  hosts: readonly HostSample[];
}

type Unit = NonNullable<MetricDatum['Unit']>;

/** Second by second, with a resolution of one second. What was not seen is no metric, and not a 0. */
export function liveMetrics(targetId: string, { windows, samples, hosts }: Seen): MetricDatum[] {
  const datum = (t: number, MetricName: string, Value: number | null, Unit: Unit): MetricDatum[] =>
    Value === null
      ? []
      : [
          {
            MetricName,
            Value,
            Unit,
            Timestamp: new Date(t * 1000),
            Dimensions: dimensions(targetId),
            StorageResolution: 1,
          },
        ];
  const probes = uniqueSamples(samples);
  return [
    ...windows.flatMap((w) => [
      ...datum(w.t, names.requestRate, w.requests, 'Count/Second'),
      ...datum(w.t, names.errorRate, w.requests > 0 ? (100 * w.failures) / w.requests : null, 'Percent'),
      ...datum(w.t, names.p50, w.p50Ms, 'Milliseconds'),
      ...datum(w.t, names.p95, w.p95Ms, 'Milliseconds'),
      ...datum(w.t, names.p99, w.p99Ms, 'Milliseconds'),
      ...datum(w.t, names.users, w.users, 'Count'),
    ]),
    ...probes.flatMap((s, i) => [
      ...datum(s.t, names.healthy, healthOf(s).status === 200 ? 1 : 0, 'None'),
      ...datum(s.t, names.poolInUse, appMetric(s, 'poolInUse'), 'Count'),
      ...datum(s.t, names.poolWaiting, appMetric(s, 'poolWaiting'), 'Count'),
      ...datum(s.t, names.queueLength, appMetric(s, 'queueLength'), 'Count'),
      ...datum(s.t, names.cacheHitRate, hitRate(probes[i - 1], s), 'Percent'),
    ]),
    ...[...Map.groupBy(hosts, (h) => Math.floor(h.at))].flatMap(([t, own]) => [
      ...datum(t, names.hostCpu, percent(cpuBusy(own)?.max ?? null), 'Percent'),
      ...datum(t, names.hostMemory, percent(memoryUsed(own)?.max ?? null), 'Percent'),
    ]),
  ];
}

const dimensions = (targetId: string) => [{ Name: 'Target', Value: targetId }];

const percent = (share: number | null) => (share === null ? null : 100 * share);

/** Of the look-ups between two samples. Null where there were none, and after a restart. */
function hitRate(before: Sample | undefined, now: Sample): number | null {
  if (!before) return null;
  const rise = (metric: 'cacheHits' | 'cacheMisses') => {
    const [from, to] = [appMetric(before, metric), appMetric(now, metric)];
    return from === null || to === null || to < from ? null : to - from;
  };
  const [hits, misses] = [rise('cacheHits'), rise('cacheMisses')];
  return hits === null || misses === null || hits + misses === 0 ? null : (100 * hits) / (hits + misses);
}

/** Its place among the phases, which the dashboard explains. */
export const phaseMetric = (targetId: string, at: number, place: number): MetricDatum => ({
  MetricName: names.phase,
  Value: place,
  Unit: 'None',
  Timestamp: new Date(at * 1000),
  Dimensions: dimensions(targetId),
  StorageResolution: 1,
});
