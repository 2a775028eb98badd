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
    figures.filter((f) => f.change === change).map((figure) => `  ${figureLine(figure)}`),
  );
  const same = figures.filter((f) => f.change === 'same').length;
  return ['', `${id} (${plural(earlierRuns.length, 'earlier run')})`, ...shown, `  ${same} no different beyond noise`];
}

const words = { better: 'better', worse: 'worse', same: 'no different', unknown: 'not told' } as const;

type Told = Pick<
  ComparedFigure,
  'label' | 'now' | 'earlier' | 'change' | 'why' | 'difference' | 'low' | 'high' | 'unit'
>;

/** One figure that was compared, in a line. */
export const figureLine = (figure: Told): string =>
  `${words[figure.change]}: ${figure.label} ${figure.now}, earlier ${figure.earlier.join(', ')}${differenceText(figure)}; ${figure.why}`;

function differenceText({ difference, low, high, unit }: Told): string {
  if (difference === null || low === null || high === null) return '';
  return `; difference ${signed(difference)} [${signed(low)}, ${signed(high)}] ${unit}`;
}

const signed = (value: number) => `${value > 0 ? '+' : ''}${rounded(value)}`;
