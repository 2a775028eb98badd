import { plural } from '../analysis/format.ts';
import type { ComparedFigure, Comparison } from './compare.ts';
import { rounded } from './figures.ts';

/** A comparison for people: what changed and what could not be told, a line each; what did not change is counted. */
export function comparisonText({ now, earlier, target, profile, scenarios, leftOut, summary }: Comparison): string {
  const { better, worse, same, unknown, byChance } = summary;
  const all = plural(better + worse + same + unknown, 'figure');
  return [
    `${now.id} against ${earlier.map((e) => e.id).join(', ')} (target ${target}, profile ${profile})`,
    ...scenarios.flatMap(scenarioLines),
    ...(leftOut.length > 0 ? ['', 'Left out'] : []),
    ...leftOut.map(({ id, reason }) => `  ${id}: ${reason}`),
    '',
    `${all}: ${better} better, ${worse} worse, ${same} no different beyond noise, ${unknown} not told.`,
    `Of those held against noise chance alone makes about ${byChance} look changed.`,
  ].join('\n');
}

function scenarioLines({ id, earlierRuns, figures }: Comparison['scenarios'][number]): string[] {
  const shown = (['worse', 'better', 'unknown'] as const).flatMap((change) =>
    figures.filter((f) => f.change === change).map(figureLine),
  );
  const same = figures.filter((f) => f.change === 'same').length;
  return ['', `${id} (${plural(earlierRuns.length, 'earlier run')})`, ...shown, `  ${same} no different beyond noise`];
}

const words = { better: 'better  ', worse: 'worse   ', unknown: 'not told' } as const;

function figureLine(figure: ComparedFigure): string {
  const { label, now, earlier, change, why } = figure;
  const word = words[change as keyof typeof words];
  return `  ${word}  ${label}: ${now}, earlier ${earlier.join(', ')}${differenceText(figure)}; ${why}`;
}

function differenceText({ difference, low, high, unit }: ComparedFigure): string {
  if (difference === null || low === null || high === null) return '';
  return `; difference ${signed(difference)} [${signed(low)}, ${signed(high)}] ${unit}`;
}

const signed = (value: number) => `${value > 0 ? '+' : ''}${rounded(value)}`;
