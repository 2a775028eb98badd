import { count, percent } from '../format.ts';
import { byHost, memoryUsed } from '../hosts.ts';
import { sum } from '../robust.ts';
import { hostCell } from './host-cell.ts';
import { judgeReturn, type Metric, valueCell } from './metric.ts';

const usualPoints = 10;

/** Share of the memory that the hosts' kernels do not count as available. */
export const memoryUsageMetric: Metric = {
  unit: '%',
  better: 'lower',
  negligible: () => usualPoints,
  cell: (facts, column) =>
    hostCell(facts, column, (hosts) => {
      const used = memoryUsed(hosts);
      if (!used) return null;
      const total = sum(byHost(hosts).map((own) => own[0]!.memory.totalKb)) / 1024;
      const figures = `mean ${percent(used.mean)}, at most ${percent(used.max)} (of ${count(total)} MB)`;
      return valueCell(used.mean * 100, figures, used.samples);
    }),
  judge: (_facts, cells) => judgeReturn(cells, usualPoints, `${usualPoints} points`),
};
