import { perSecond } from '../format.ts';
import { throughput } from '../load.ts';
import { steadyRule } from '../steady-state.ts';
import { absent, judgeByBand, type Metric, textCell, valueCell } from './metric.ts';

/** Requests that ended, failed ones included, per second of the phase. */
export const throughputMetric: Metric = {
  unit: 'requests/s',
  better: 'higher',
  negligible: (rate) => steadyRule.throughputFloorShare * rate,
  cell(facts, column) {
    const load = facts[column]?.load;
    if (!load) return absent(facts, column);
    const rate = throughput(load);
    return rate === null ? textCell('not a whole second long') : valueCell(rate, perSecond(rate), load.requests);
  },
  judge: (facts) => judgeByBand(facts, ['throughput']),
};
