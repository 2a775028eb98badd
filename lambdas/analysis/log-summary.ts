import { inOneLine } from '../aws/one-line.ts';
import type { KeptLog, LogColumn, LogLine } from '../logs/kept-logs.ts';
import type { LogSummary } from '../report/report.schema.ts';
import { readLine } from './log-levels.ts';

/** Of each group, the first lines that the fault may explain. */
const linesShown = 3;
const longestLine = 160;

/** What the target logged around the fault: counts by column, and the first lines from the fault on, errors before others. */
export function logSummaries(logs: readonly KeptLog[]): LogSummary[] {
  return logs.map(({ group, problem, columns, lines }) => {
    const count = (column: LogColumn | null) => column && counts(lines, column);
    return {
      group,
      problem,
      before: count(columns.before),
      during: count(columns.during),
      after: count(columns.after),
      first: firstLines(lines, columns.during?.from ?? null),
    };
  });
}

function counts(all: readonly LogLine[], { from, to, cut }: LogColumn): NonNullable<LogSummary['before']> {
  const levels = all.filter(({ at }) => at >= from && at < to).map(({ message }) => readLine(message).level);
  const of = (level: string) => levels.filter((l) => l === level).length;
  return { lines: levels.length, errors: of('error'), warnings: of('warning'), cut };
}

function firstLines(all: readonly LogLine[], from: number | null): LogSummary['first'] {
  if (from === null) return [];
  const read = all.filter(({ at }) => at >= from).map(({ at, message }) => ({ at, ...readLine(message) }));
  const grave = read.filter(({ level }) => level !== 'other');
  return (grave.length > 0 ? grave : read)
    .slice(0, linesShown)
    .map(({ at, level, text }) => ({ at, level, text: shortened(inOneLine(text)) }));
}

const shortened = (text: string) => (text.length > longestLine ? `${text.slice(0, longestLine)}…` : text || '(empty)');
