import type { MetricCell, MetricRowResult } from '../../report/report.schema.ts';
import { type Column, columns, type Facts, missing } from '../facts.ts';
import { percent } from '../format.ts';
import type { PhaseLoad } from '../load.ts';
import { everySecond, slide } from '../sliding.ts';
import { firstOutside, type SteadyMetric, steadyRule } from '../steady-state.ts';

export type MetricStatus = MetricRowResult['status'];

export interface Judged {
  status: MetricStatus;
  rule: string;
}

/** A row of the results table: how each of its cells is measured and how the row is judged. */
export interface Metric {
  unit: string;
  better: 'lower' | 'higher';
  /**
   * The difference between two runs' values that is none, whatever their noise: the floor of the row's own rule.
   * @param n requests, or samples, behind the value
   */
  negligible(value: number, n: number): number;
  cell(facts: Facts, column: Column): MetricCell;
  judge(facts: Facts, cells: Cells): Judged;
  /** The correction for coordinated omission, or why it does not apply; latency rows only. */
  coordinatedOmission?: (facts: Facts) => string;
}

const noFigure = { value: null, n: null, percentiles: null, corrected: null };

export const textCell = (display: string): MetricCell => ({ ...noFigure, display });

export const valueCell = (value: number, display: string, n: number): MetricCell => ({
  ...noFigure,
  display,
  value,
  n,
});

/** The row of one metric; every cell is there, with its reason where it has no value. */
export function metricRow(metric: Metric, row: { id: string; label: string }, facts: Facts): MetricRowResult {
  const cell = (c: Column) => metric.cell(facts, c);
  const cells = { before: cell('before'), during: cell('during'), after: cell('after') };
  return {
    ...row,
    unit: metric.unit,
    ...cells,
    ...metric.judge(facts, cells),
    coordinatedOmission: metric.coordinatedOmission?.(facts) ?? null,
  };
}

/** A row that nobody measured, with one text in all of its cells. */
export const emptyRow = (row: { id: string; label: string }, display: string, status: MetricStatus, rule: string) => ({
  ...row,
  unit: '',
  before: textCell(display),
  during: textCell(display),
  after: textCell(display),
  status,
  rule,
  coordinatedOmission: null,
});

export const absent = (facts: Facts, column: Column): MetricCell => textCell(missing(facts, column));

/**
 * The rule of every metric that has a steady-state band: missed when it leaves the band after the recovery, degraded
 * when it leaves it only during the fault, ok when it never does.
 */
export function judgeByBand(facts: Facts, metrics: readonly SteadyMetric[]): Judged {
  const { band, seconds, before, during, after } = facts;
  if (!band || !before || !during || !after) {
    const gone = columns.find((c) => facts[c] === null);
    return { status: 'not-measured', rule: gone ? missing(facts, gone) : (facts.unsteady ?? 'no steady-state band') };
  }
  // The baseline had traffic enough to tell, or there would be no band: what is missing hangs, or is not served.
  const thin = (c: 'during' | 'after') => metrics.some((m) => mostlyUnknown(facts[c]!.load, m));
  if (thin('after')) return { status: 'missed', rule: 'too few requests ended after the recovery to tell: they hung' };
  if (thin('during')) return { status: 'degraded', rule: 'too few requests ended during the fault to tell: they hung' };
  const left = (c: 'during' | 'after') => {
    const { start, end } = facts[c]!.span;
    return firstOutside(seconds, band, Math.ceil(start), Math.floor(end), metrics) !== null;
  };
  if (left('after')) return { status: 'missed', rule: 'outside its steady-state band after the recovery' };
  if (left('during')) return { status: 'degraded', rule: 'outside its steady-state band during the fault only' };
  return { status: 'ok', rule: 'within its steady-state band throughout' };
}

type Cells = Record<Column, MetricCell>;
/** The reason stands in the cell that has no value. */
export const noValue = (cells: Cells): Judged => ({
  status: 'not-measured',
  rule: columns.map((c) => cells[c]).find((cell) => cell.value === null)?.display ?? 'a column has no value',
});

/** The rule of a level that the fault itself moves: what counts is that it comes back to within `usual` of before. */
export function judgeReturn({ before, during, after }: Cells, usual: number, usualText: string): Judged {
  if (before.value === null || during.value === null || after.value === null) return noValue({ before, during, after });
  if (after.value > before.value + usual) {
    return { status: 'missed', rule: `more than ${usualText} above its former level after the recovery` };
  }
  if (during.value > before.value + usual) {
    return { status: 'degraded', rule: `more than ${usualText} above its former level during the fault only` };
  }
  return { status: 'ok', rule: `within ${usualText} of its former level throughout` };
}

/** The rule of a count that should be 0: missed where after the recovery it is more than `share` of the requests. */
export function judgeShare({ before, during, after }: Cells, share: number, what: string): Judged {
  if (before.value === null || during.value === null || after.value === null) return noValue({ before, during, after });
  if (after.value > share * Math.max(1, after.n ?? 0)) {
    return { status: 'missed', rule: `${what} after the recovery, more than ${percent(share)}` };
  }
  if (during.value > 0) return { status: 'degraded', rule: `${what} during the fault only` };
  return { status: 'ok', rule: `no ${what} during the fault, at most ${percent(share)} after the recovery` };
}

/** Where requests hang nothing ends, and then neither an error rate nor a latency can be told. */
function mostlyUnknown({ windows }: PhaseLoad, metric: SteadyMetric): boolean {
  const judged = slide(everySecond(windows), steadyRule.windowSeconds, steadyRule.minRequests);
  return judged.filter((w) => w[metric] !== null).length <= judged.length / 2;
}
