import { cacheUse } from '../cache-use.ts';
import { count, percent } from '../format.ts';
import { absent, type Metric, textCell, valueCell } from './metric.ts';

/** By how much the rate may differ between two quiet columns. */
const usualPoints = 10;

/** hits / (hits + misses + errors) from the increments of the application's own counters. */
export const cacheHitRateMetric: Metric = {
  unit: '%',
  better: 'higher',
  negligible: () => usualPoints,
  cell(facts, column) {
    const seen = facts[column];
    if (!seen) return absent(facts, column);
    const { hitRate, lookups, hits, unreachable, samples } = cacheUse(seen);
    if (lookups === null) return textCell('not measured: the application showed no cache counters');
    if (hitRate !== null)
      return valueCell(hitRate * 100, `${percent(hitRate)} (${count(hits!)} of ${count(lookups)})`, lookups);
    if (unreachable === samples) return valueCell(0, '0 % (cache unreachable, no look-up reached it)', 0);
    return textCell('not measured: no look-ups');
  },
  judge(_facts, { before, after }) {
    if (before.value === null || after.value === null) return { status: 'not-measured', rule: 'a column has no value' };
    if (after.value < before.value / 2)
      return { status: 'missed', rule: 'less than half of its former rate after the recovery' };
    if (after.value < before.value - usualPoints)
      return { status: 'degraded', rule: `more than ${usualPoints} points lower after the recovery` };
    return { status: 'ok', rule: `back to within ${usualPoints} points of its former rate after the recovery` };
  },
};
