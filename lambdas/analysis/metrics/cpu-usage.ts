import { percent } from '../format.ts';
import { byHost, cpuBusy } from '../hosts.ts';
import { sum } from '../robust.ts';
import { hostCell } from './host-cell.ts';
import { judgeReturn, type Metric, valueCell } from './metric.ts';

/** By how much the mean may differ between two quiet columns. */
const usualPoints = 15;

/** Busy share of all cores, from the counters of the hosts' kernels. */
export const cpuUsageMetric: Metric = {
  unit: '%',
  better: 'lower',
  negligible: () => usualPoints,
  cell: (facts, column) =>
    hostCell(facts, column, (hosts) => {
      const busy = cpuBusy(hosts);
      if (!busy) return null;
      const cores = sum(byHost(hosts).map((own) => own[0]!.cpu.cores));
      const figures = `mean ${percent(busy.mean)}, at most ${percent(busy.max)} (${cores} ${cores === 1 ? 'core' : 'cores'})`;
      return valueCell(busy.mean * 100, figures, busy.samples);
    }),
  judge: (_facts, cells) => judgeReturn(cells, usualPoints, `${usualPoints} points`),
};
