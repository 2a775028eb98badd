import type { ColumnFacts } from '../facts.ts';
import { count, durationText, percent } from '../format.ts';
import { steadyRule } from '../steady-state.ts';
import { latestMs, timeoutsIn } from '../timeouts.ts';
import { absent, judgeShare, type Metric, valueCell } from './metric.ts';

/** Requests that the application ended at its own limit. */
export const requestTimeoutMetric: Metric = {
  unit: 'requests',
  better: 'lower',
  negligible: (_count, requests) => steadyRule.errorFloor * requests,
  cell(facts, column) {
    const seen = facts[column];
    if (!seen) return absent(facts, column);
    const { atLimit, requests, slowestMs } = timeoutsIn(seen.load.windows, seen.samples, seen.span);
    const share = atLimit > 0 && requests > 0 ? `${percent(Math.min(1, atLimit / requests))} of the requests; ` : '';
    const slowest = slowestMs === null ? 'no request ended' : `slowest ${durationText(slowestMs)}`;
    return valueCell(atLimit, `${count(atLimit)} (${share}${slowest})`, requests);
  },
  judge(facts, cells) {
    // Where there is no limit nothing is ended at it.
    if (facts.after && beyond(facts.after))
      return { status: 'missed', rule: 'requests beyond the limit after the recovery' };
    if (facts.during && beyond(facts.during))
      return { status: 'degraded', rule: 'requests beyond the limit during the fault' };
    return judgeShare(cells, steadyRule.errorFloor, 'requests ended at the limit');
  },
};

const beyond = ({ load, samples, span }: ColumnFacts) =>
  (timeoutsIn(load.windows, samples, span).slowestMs ?? 0) > latestMs;
