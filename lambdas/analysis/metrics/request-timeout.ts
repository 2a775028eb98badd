import { count, percent, secondsText } from '../format.ts';
import { steadyRule } from '../steady-state.ts';
import { timeoutsIn } from '../timeouts.ts';
import { absent, judgeShare, type Metric, valueCell } from './metric.ts';

/** Requests that the application ended at its own limit. */
export const requestTimeoutMetric: Metric = {
  unit: 'requests',
  cell(facts, column) {
    const seen = facts[column];
    if (!seen) return absent(facts, column);
    const { atLimit, requests, slowestMs } = timeoutsIn(seen.load.windows, seen.samples, seen.span);
    const share = atLimit > 0 && requests > 0 ? `${percent(Math.min(1, atLimit / requests))} of the requests; ` : '';
    const slowest = slowestMs === null ? 'no request ended' : `slowest ${secondsText(slowestMs / 1000)}`;
    return valueCell(atLimit, `${count(atLimit)} (${share}${slowest})`, requests);
  },
  judge: (_facts, cells) => judgeShare(cells, steadyRule.errorFloor, 'requests ended at the limit'),
};
