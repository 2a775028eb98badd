import type { MetricCell } from '../../report/report.schema.ts';
import { percentileIntervals, seededRandom } from '../bootstrap.ts';
import { columns } from '../facts.ts';
import { count, milliseconds, plural } from '../format.ts';
import { countOf, type Histogram, merged, percentileMs } from '../histogram.ts';
import type { PhaseLoad } from '../load.ts';
import { sum } from '../robust.ts';
import { steadyRule } from '../steady-state.ts';
import { absent, judgeByBand, type Metric, textCell } from './metric.ts';

const quantiles = [0.5, 0.95, 0.99] as const;

/**
 * p50 / p95 / p99 of all requests, failed ones included, from the merged histograms of the phase's seconds. A fast
 * failure therefore pulls the figures down: read them beside the error rate. Where users are paced the same stands
 * beside it from the intended start (corrected for coordinated omission), with the requests that they never sent.
 */
export const responseTimeMetric: Metric = {
  unit: 'ms',
  better: 'lower',
  negligible: (ms) => Math.max(steadyRule.latencyFloorMs, steadyRule.latencyFloorShare * ms),
  coordinatedOmission: (facts) =>
    facts.seconds.some((s) => s.intended.length > 0)
      ? columns.map((c) => `${c} ${correctedText(facts[c]?.load)}`).join(', ')
      : 'not applicable: no user of the load is paced',
  cell(facts, column) {
    const load = facts[column]?.load;
    if (!load) return absent(facts, column);
    if (load.requests === 0) return textCell(`no request ended in ${plural(load.seconds, 'second')}`);
    const seed = `${facts.evidence.run.runId}/${column}`;
    const percentiles = percentilesOf(
      load.windows.map((w) => w.all),
      seed,
    );
    const corrected = correctedOf(load, seed);
    const beside = corrected ? ` (corrected ${shown(corrected)})` : '';
    return {
      display: `${shown(percentiles)}${beside}`,
      value: percentiles.p95?.ms ?? null,
      n: load.requests,
      percentiles,
      corrected,
    };
  },
  judge: (facts) => judgeByBand(facts, ['p50Ms', 'p95Ms']),
};

type Percentiles = NonNullable<MetricCell['percentiles']>;

function percentilesOf(seconds: readonly Histogram[], seed: string): Percentiles {
  const histogram = merged(seconds);
  const intervals = percentileIntervals(seconds, quantiles, seededRandom(seed));
  const [p50, p95, p99] = quantiles.map((q, i) => {
    const ms = percentileMs(histogram, q);
    const { low, high } = intervals[i] ?? { low: null, high: null };
    return ms === null ? null : { ms, low, high };
  });
  return { p50: p50 ?? null, p95: p95 ?? null, p99: p99 ?? null };
}

function correctedOf({ windows }: PhaseLoad, seed: string): MetricCell['corrected'] {
  const seconds = windows.map((w) => w.intended);
  const n = sum(seconds.map(countOf));
  if (n === 0) return null;
  return { ...percentilesOf(seconds, `${seed}/corrected`), n, missed: sum(windows.map((w) => w.missed)) };
}

const shown = ({ p50, p95, p99 }: Percentiles): string =>
  `${[p50, p95, p99].map((p) => (p ? milliseconds(p.ms) : 'too few')).join(' / ')} ms`;

function correctedText(load: PhaseLoad | undefined): string {
  const paced = sum((load?.windows ?? []).map((w) => countOf(w.intended)));
  const missed = sum((load?.windows ?? []).map((w) => w.missed));
  return `n = ${count(paced)}, ${count(missed)} of them never sent as their users still waited`;
}
