import { count, percent } from '../format.ts';
import { steadyRule } from '../steady-state.ts';
import { timeoutsIn } from '../timeouts.ts';
import { absent, judgeShare, type Metric, valueCell } from './metric.ts';

/** Requests that ran out of time: given up by their clients, or ended by the application at its limit. */
export const timeoutErrorsMetric: Metric = {
  unit: 'requests',
  better: 'lower',
  negligible: (_count, requests) => steadyRule.errorFloor * requests,
  cell(facts, column) {
    const seen = facts[column];
    if (!seen) return absent(facts, column);
    const { clients, atLimit, requests } = timeoutsIn(seen.load.windows, seen.samples, seen.span);
    const all = clients + atLimit;
    const figures =
      all === 0
        ? '0'
        : `${count(all)} (${count(clients)} given up by clients, ${count(atLimit)} ended at the application's limit` +
          `${requests > 0 ? `; ${percent(Math.min(1, all / requests))} of the requests` : ''})`;
    return valueCell(all, figures, requests);
  },
  judge: (_facts, cells) => judgeShare(cells, steadyRule.errorFloor, 'requests that ran out of time'),
};
