import { count } from '../format.ts';
import { levelOf } from '../hosts.ts';
import { queued, queueLimit } from '../pool.ts';
import { absent, judgeReturn, type Metric, textCell, valueCell } from './metric.ts';

/** Requests that may wait at any moment without anything being wrong. */
const usual = 5;

/** Requests that wait for a connection of the pool. */
export const queueLengthMetric: Metric = {
  unit: 'requests',
  better: 'lower',
  negligible: () => usual,
  cell(facts, column) {
    const seen = facts[column];
    if (!seen) return absent(facts, column);
    const level = levelOf(queued(seen.samples));
    if (!level) return textCell('not measured: the application showed no queue');
    const limit = queueLimit(seen.samples);
    const bound = limit === null ? 'no limit' : `limit ${count(limit)}`;
    const figures = `mean ${level.mean.toFixed(1)}, at most ${count(level.max)} (${bound})`;
    return valueCell(level.mean, figures, level.samples);
  },
  judge: (_facts, cells) => judgeReturn(cells, usual, `${usual} requests`),
};
