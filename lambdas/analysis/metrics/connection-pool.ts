import { count, percent } from '../format.ts';
import { poolInUse, poolSize } from '../pool.ts';
import { absent, type Metric, noValue, textCell, valueCell } from './metric.ts';

/** Utilisation from which a pool is as good as full. */
const saturated = 0.9;
const usualPoints = 20;

/** Share of the application's database connections that are in use. */
export const connectionPoolMetric: Metric = {
  unit: '%',
  better: 'lower',
  negligible: () => usualPoints,
  cell(facts, column) {
    const seen = facts[column];
    if (!seen) return absent(facts, column);
    const use = poolInUse(seen.samples);
    const size = poolSize(seen.samples);
    if (!use || !size) return textCell('not measured: the application showed no pool metrics');
    const figures = `mean ${percent(use.mean / size)}, at most ${percent(use.max / size)} (${count(use.max)} of ${count(size)})`;
    return valueCell((use.mean / size) * 100, figures, use.samples);
  },
  judge(facts, { before, during, after }) {
    if (before.value === null || during.value === null || after.value === null)
      return noValue({ before, during, after });
    if (after.value > before.value + usualPoints) {
      return { status: 'missed', rule: `more than ${usualPoints} points above its former use after the recovery` };
    }
    const most = poolInUse(facts.during!.samples)!.max / poolSize(facts.during!.samples)!;
    if (most >= saturated) return { status: 'degraded', rule: `${percent(saturated)} or more in use during the fault` };
    return { status: 'ok', rule: `below ${percent(saturated)} in use during the fault, and back at its former use` };
  },
};
