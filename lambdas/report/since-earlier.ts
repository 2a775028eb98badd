import { type Comparison, compare } from '../comparison/compare.ts';
import type { Compared, ComparedRun } from '../comparison/compared.ts';
import { figureLine } from '../comparison/comparison-text.ts';
import { scenarioById } from '../scenarios/registry.ts';
import type { SinceEarlier } from './report.schema.ts';

/** The scores of earlier game-days, and what changed since beyond noise; null where there is none to compare with. */
export function sinceEarlier(now: Compared, earlier: readonly Compared[]): SinceEarlier | null {
  const found = compare(now, earlier);
  if (found.scenarios.length === 0) return null;
  const compared = earlier.filter(({ id }) => found.earlier.some((e) => e.id === id));
  const { same, unknown, byChance } = found.summary;
  return {
    earlier: compared.map(({ id, startedAt }) => ({ gameDayId: id, startedAt })),
    scores: now.runs.flatMap((run) => {
      const all = [run, ...compared.map((e) => e.runs.find((r) => r.id === run.id))].map(scoreOf);
      return all.every((score) => score === null) ? [] : [{ scenario: run.id, now: all[0]!, earlier: all.slice(1) }];
    }),
    changes: changesOf(found),
    ...{ same, unknown, byChance },
  };
}

const scoreOf = (run: ComparedRun | undefined): number | null =>
  run?.figures.find(({ id }) => id === 'score/overall')?.value ?? null;

const changesOf = ({ scenarios }: Comparison): SinceEarlier['changes'] =>
  scenarios.flatMap(({ id: scenario, figures }) =>
    figures.flatMap(({ change, label, now, earlier, difference, low, high, unit, why }) =>
      change === 'better' || change === 'worse'
        ? [{ scenario, label, change, now, earlier, difference, low, high, unit, why }]
        : [],
    ),
  );

/** What both forms of the report say of it. */
export function sinceEarlierTexts({ earlier, scores, changes, same, unknown, byChance }: SinceEarlier) {
  const points = (score: number | null | undefined) => (score == null ? 'none' : score.toFixed(1));
  const day = (epoch: number) => new Date(epoch * 1000).toISOString().slice(0, 16).replace('T', ' ');
  return {
    header: ['Score', ...earlier.map((e) => day(e.startedAt)), 'This one'],
    rows: scores.map((s) => [scenarioById(s.scenario).shortTitle, ...s.earlier.map(points), points(s.now)]),
    changes: changes.map((c) => `${scenarioById(c.scenario).shortTitle}: ${figureLine(c)}`),
    sum:
      `${changes.length + same + unknown} figures compared with earlier game-days of this target and profile: ` +
      `${changes.length} changed beyond noise, ${same} did not, of ${unknown} it cannot be told. ` +
      `Of those held against noise chance alone makes about ${byChance} look changed.`,
  };
}
