import { percent, plural } from '../format.ts';
import { errorRate } from '../load.ts';
import { steadyRule } from '../steady-state.ts';
import { absent, judgeByBand, type Metric, textCell, valueCell } from './metric.ts';

/** Failed requests as a share of all that ended; everything but `ok` is a failure. */
export const errorRateMetric: Metric = {
  unit: '%',
  better: 'lower',
  negligible: () => steadyRule.errorFloor * 100,
  cell(facts, column) {
    const load = facts[column]?.load;
    if (!load) return absent(facts, column);
    const rate = errorRate(load);
    if (rate === null) return textCell(`no request ended in ${plural(load.seconds, 'second')}`);
    return valueCell(rate * 100, percent(rate), load.requests);
  },
  judge: (facts) => judgeByBand(facts, ['errorRate']),
};
