import { inOneLine } from '../../lambdas/aws/one-line.ts';

const gap = '  ';

/** Rows below a line of headings, each column as wide as its longest cell. What it holds is a line of text. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows].map((row) => row.map(inOneLine));
  const widths = headings.map((_, column) => Math.max(...lines.map((row) => row[column]!.length)));
  return lines
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join(gap)
        .trimEnd(),
    )
    .join('\n');
}

/** Names and what they stand for; those that stand for nothing (null) are left out. */
export function facts(pairs: readonly (readonly [name: string, value: string | null])[]): string {
  const shown = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== null);
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}${gap}${inOneLine(value)}`).join('\n');
}

/** Epoch seconds, for people: UTC, to the second. */
export const timeText = (at: number | null): string =>
  at === null ? '–' : new Date(at * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
