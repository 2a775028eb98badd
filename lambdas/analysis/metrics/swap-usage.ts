import type { HostSample } from '../../evidence/host-sample.ts';
import { count } from '../format.ts';
import { byHost, swapRates, swapUsed } from '../hosts.ts';
import { sum } from '../robust.ts';
import { thrashing } from '../thrashing.ts';
import { hostCell } from './host-cell.ts';
import { type Metric, noValue, valueCell } from './metric.ts';

const usualMb = 16;
const mb = (n: number) => (n > 0 && n < 10 ? n.toFixed(1) : count(n));

/** Swap in use. What was swapped out stays there until somebody asks for it, so that alone is nothing to miss. */
export const swapUsageMetric: Metric = {
  unit: 'MB',
  better: 'lower',
  negligible: () => usualMb,
  cell: (facts, column) =>
    hostCell(facts, column, (hosts) => {
      const used = swapUsed(hosts);
      if (!used) return null;
      const total = sum(byHost(hosts).map((own) => own[0]!.memory.swapTotalKb)) / 1024;
      if (total === 0) return valueCell(0, '0 MB (the host has no swap)', used.samples);
      const { pagesIn, pagesOut } = moved(hosts);
      const figures = `${mb(used.mean)} MB, at most ${mb(used.max)} MB (of ${count(total)} MB; ${count(pagesIn)} pages in, ${count(pagesOut)} out)`;
      return valueCell(used.mean, figures, used.samples);
    }),
  judge(facts, { before, during, after }) {
    if (before.value === null || during.value === null || after.value === null)
      return noValue({ before, during, after });
    if (thrashing(swapRates(facts.after!.hosts)).seconds > 0) {
      return { status: 'missed', rule: 'still swapping in and out after the recovery' };
    }
    if (Math.max(during.value, after.value) > before.value + usualMb) {
      return { status: 'degraded', rule: `more than ${usualMb} MB above its usual level, without swapping afterwards` };
    }
    return { status: 'ok', rule: `within ${usualMb} MB of its usual level` };
  },
};

function moved(hosts: readonly HostSample[]): { pagesIn: number; pagesOut: number } {
  const rise = (of: (s: HostSample) => number) =>
    sum(byHost(hosts).map((own) => Math.max(0, of(own.at(-1)!) - of(own[0]!))));
  return { pagesIn: rise((s) => s.memory.swapInPages), pagesOut: rise((s) => s.memory.swapOutPages) };
}
