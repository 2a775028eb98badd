import type { MetricCell } from '../../report/report.schema.ts';
import { percentileIntervals, seededRandom } from '../bootstrap.ts';
import { milliseconds, plural } from '../format.ts';
import { merged, percentileMs } from '../histogram.ts';
import type { PhaseLoad } from '../load.ts';
import { steadyRule } from '../steady-state.ts';
import { absent, judgeByBand, type Metric, textCell } from './metric.ts';

const quantiles = [0.5, 0.95, 0.99] as const;

/**
 * p50 / p95 / p99 of all requests, failed ones included, from the merged histograms of the phase's seconds. A fast
 * failure therefore pulls the figures down: read them beside the error rate.
 */
export const responseTimeMetric: Metric = {
  unit: 'ms',
  better: 'lower',
  negligible: (ms) => Math.max(steadyRule.latencyFloorMs, steadyRule.latencyFloorShare * ms),
  coordinatedOmission: 'not applicable: the windows hold no intended start times',
  cell(facts, column) {
    const load = facts[column]?.load;
    if (!load) return absent(facts, column);
    if (load.requests === 0) return textCell(`no request ended in ${plural(load.seconds, 'second')}`);
    return percentilesCell(load, `${facts.evidence.run.runId}/${column}`);
  },
  judge: (facts) => judgeByBand(facts, ['p50Ms', 'p95Ms']),
};

function percentilesCell(load: PhaseLoad, seed: string): MetricCell {
  const histogram = merged(load.windows.map((w) => w.all));
  const intervals = percentileIntervals(
    load.windows.map((w) => w.all),
    quantiles,
    seededRandom(seed),
  );
  const [p50, p95, p99] = quantiles.map((q, i) => {
    const ms = percentileMs(histogram, q);
    const { low, high } = intervals[i] ?? { low: null, high: null };
    return ms === null ? null : { ms, low, high };
  });
  const shown = [p50, p95, p99].map((p) => (p ? milliseconds(p.ms) : 'too few'));
  return {
    display: `${shown.join(' / ')} ms`,
    value: p95?.ms ?? null,
    n: load.requests,
    percentiles: { p50: p50 ?? null, p95: p95 ?? null, p99: p99 ?? null },
  };
}
