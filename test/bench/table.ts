import type { Goal, Measure, Result } from './benchmark.ts';

const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 });

const goalText = ({ at, value }: Goal) => `at ${at} ${number.format(value)}`;

export const valueText = ({ value, unit }: Pick<Result, 'value' | 'unit'>): string =>
  value === null ? 'failed' : `${number.format(value)} ${unit}`;

/** The results for people: whether each goal was met, its value, its goal, and why there is no value. */
export function resultTable(results: readonly Result[]): string {
  return aligned(
    results.map(({ met, id, value, unit, goal, detail }) => [
      met ? '✓' : '✗',
      id,
      valueText({ value, unit }),
      `goal: ${goalText(goal)}`,
      value === null ? (detail as { reason: string }).reason : '',
    ]),
  );
}

/** What there is to be measured, for people. */
export const measureTable = (measures: readonly (readonly [id: string, measure: Measure])[]): string =>
  aligned(measures.map(([id, { goal, unit, what }]) => [id, `${goalText(goal)} ${unit}`, what]));

function aligned(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
