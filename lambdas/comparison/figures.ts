import { columns } from '../analysis/facts.ts';
import { metrics } from '../analysis/metrics/registry.ts';
import type { MetricCell, MetricRowResult, ScenarioResult, Score } from '../report/report.schema.ts';
import { isConclusive } from '../runs/run.ts';
import type { ComparedRun, Figure } from './compared.ts';
import type { Estimate } from './noise.ts';

/** What of a result is compared. */
export function comparedRun(result: ScenarioResult): ComparedRun {
  const { id, runId, verdict } = result;
  const { users, workers, seconds, trigger, notes } = result.setup;
  const figures = isConclusive(result) ? figuresOf(result) : [];
  return { id, runId, verdict, setup: { users, workers, seconds, trigger, notes }, figures };
}

/** Every figure of a result that is a number or a place in an order. */
const figuresOf = (result: ScenarioResult): Figure[] => [
  verdictOf(result),
  ...scoresOf(result),
  ...recoveryOf(result),
  ...lossesOf(result),
  ...result.metrics.flatMap((row) => rowFigures(row, result)),
  ...behavioursOf(result),
];

const exact = { resolution: 0, quiet: null };

const verdictOf = ({ verdict }: ScenarioResult): Figure => ({
  ...exact,
  ...{ id: 'verdict', label: 'Verdict', unit: '', better: 'higher', text: verdict },
  value: verdict === 'PASS' ? 1 : 0,
});

/** Scores are stated with one decimal. */
const rounding = 0.05;

/** A score with what its own run's windows leave open; null where there is none. */
export function scoreEstimate(value: number | null, interval: Score['overallInterval']): Estimate | null {
  if (value === null) return null;
  return { value, resolution: Math.max(rounding, interval ? (interval.high - interval.low) / 2 : 0) };
}

function scoresOf({ score }: ScenarioResult): Figure[] {
  if (!score) return [];
  const { gracefulDegradation, recoveryTime, errorHandling } = score;
  const all = [
    ['overall', 'Score', score.overall, score.overallInterval],
    ['gracefulDegradation', 'Graceful degradation', gracefulDegradation.value, gracefulDegradation.interval],
    ['recoveryTime', 'Recovery time (score)', recoveryTime.value, recoveryTime.interval],
    ['errorHandling', 'Error handling', errorHandling.value, errorHandling.interval],
  ] as const;
  return all.flatMap(([id, label, value, interval]) => {
    const estimate = scoreEstimate(value, interval);
    if (!estimate) return [];
    const text = `${estimate.value.toFixed(1)} /10`;
    return [{ id: `score/${id}`, label, unit: 'points', better: 'higher' as const, text, quiet: null, ...estimate }];
  });
}

/** Where the limit came first there is no number: that it did is a figure of its own. */
function recoveryOf({ rto }: ScenarioResult): Figure[] {
  if (!rto) return [];
  const recovered: Figure = {
    ...exact,
    ...{ id: 'rto/recovered', label: 'Recovered within the limit', unit: '', better: 'higher' },
    value: rto.censored ? 0 : 1,
    text: rto.censored ? 'no' : 'yes',
  };
  const half = rto.high === null ? 0 : (rto.high - rto.low) / 2;
  const times = [
    ['seconds', 'RTO'],
    ['detect', 'Detected after'],
    ['outage', 'Outage'],
  ] as const;
  return [
    recovered,
    ...times.flatMap(([id, label]) => {
      const value = rto[id];
      if (value === null) return [];
      const text = `${value.toFixed(1)} s`;
      return [
        { id: `rto/${id}`, label, unit: 's', better: 'lower' as const, value, resolution: half, text, quiet: null },
      ];
    }),
  ];
}

/** Whether acknowledged writes were lost is read back one by one; how many were depends on the load of the moment. */
const lossesOf = ({ rpo }: ScenarioResult): Figure[] =>
  rpo
    .filter((r) => r.seconds !== null)
    .map((r) => ({
      ...exact,
      ...{ id: `rpo/${r.class}`, label: `Lost writes (${r.class})`, unit: 'writes', better: 'lower' as const },
      value: r.lost,
      text: `${r.lost} of ${r.ackedWrites}`,
    }));

const ranks = { no: 0, partly: 1, yes: 2 } as const;

const behavioursOf = ({ behaviours }: ScenarioResult): Figure[] =>
  behaviours.flatMap(({ id, label, observed }) => {
    if (observed === 'unknown' || observed === 'not-applicable') return [];
    const of = { id: `behaviours/${id}`, label, unit: '', better: 'higher' as const, text: observed };
    return [{ ...exact, ...of, value: ranks[observed] }];
  });

const quietRows = ['error-rate', 'response-time', 'throughput'];
const percentiles = ['p50', 'p95', 'p99'] as const;
type ColumnName = (typeof columns)[number];

function rowFigures(row: MetricRowResult, result: ScenarioResult): Figure[] {
  const metric = metrics[row.id];
  // The recovery time speaks through the RTO.
  if (!metric || row.id === 'recovery-time') return [];
  return columns.flatMap((column, i) => {
    const cell = row[column];
    const isQuiet = quietRows.includes(row.id) && nothingIsBroken(column, result);
    return valuesOf(row.id, cell).map(({ part, value, half }) => ({
      id: `metrics/${row.id}${part && `/${part}`}/${column}`,
      label: `${row.label}${part && ` ${part}`}, ${result.setup.columns[i]}`,
      unit: row.unit,
      better: metric.better,
      value,
      resolution: Math.max(half, metric.negligible(value, cell.n ?? 0)),
      text: `${rounded(value)} ${row.unit}`,
      quiet: isQuiet ? `${row.id}${part && `/${part}`}` : null,
    }));
  });
}

/** Before the fault, after a recovery that was seen, and all the time where there is no fault. */
function nothingIsBroken(column: ColumnName, { fault, rto }: ScenarioResult): boolean {
  if (column === 'before' || fault.landed === null) return true;
  return column === 'after' && rto !== null && !rto.censored;
}

function valuesOf(id: string, { value, percentiles: all }: MetricCell) {
  if (id !== 'response-time') return value === null ? [] : [{ part: '', value, half: 0 }];
  return percentiles.flatMap((part) => {
    const p = all?.[part];
    if (!p) return [];
    const half = p.low === null || p.high === null ? 0 : (p.high - p.low) / 2;
    return [{ part, value: p.ms, half }];
  });
}

const threeDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
export const rounded = (value: number): string => threeDigits.format(value);
