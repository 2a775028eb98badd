import { isDeepStrictEqual } from 'node:util';
import { isConclusive } from '../runs/run.ts';
import { type ScenarioId, scenarioIds } from '../scenarios/scenario.ts';
import type { Compared, ComparedRun, Figure } from './compared.ts';
import { type Judged, judge } from './judge.ts';

export interface ComparedFigure extends Judged, Pick<Figure, 'id' | 'label' | 'unit' | 'better'> {
  now: string;
  earlier: string[];
}

export interface Comparison {
  now: { id: string; startedAt: number };
  earlier: { id: string; startedAt: number }[];
  target: string;
  profile: string;
  scenarios: { id: ScenarioId; earlierRuns: string[]; figures: ComparedFigure[] }[];
  /** What was not compared, and why. */
  leftOut: { id: string; reason: string }[];
  summary: Record<Judged['change'], number> & {
    /** Of the figures that were held against noise, as many as chance alone takes out of a 95 % interval. */
    byChance: number;
  };
}

/**
 * What got better or worse from earlier runs to these, scenario by scenario and figure by figure. A difference is told
 * only where it is beyond noise: docs/comparison.md has the rules. Where nothing can be compared there is no scenario.
 */
export function compare(now: Compared, earlier: readonly Compared[]): Comparison {
  const leftOut: Comparison['leftOut'] = [];
  const alike = earlier.filter((other) => {
    const reason = whyNot(now, other);
    if (reason) leftOut.push({ id: other.id, reason });
    return reason === null;
  });
  const scenarios = scenarioIds.flatMap((id) => {
    const run = conclusiveRun(id, now, leftOut);
    if (!run) return [];
    const others = alike.flatMap((other) => {
      const found = conclusiveRun(id, other, leftOut);
      if (found && isDeepStrictEqual(run.setup, found.setup)) return [found];
      if (found) leftOut.push({ id: found.runId, reason: 'its load, phases or fault are others' });
      return [];
    });
    if (others.length === 0) return [];
    return [{ id, earlierRuns: others.map((o) => o.runId), figures: compareRuns(run, others, [now, ...alike]) }];
  });
  const { target, profile } = now;
  const of = ({ id, startedAt }: Compared) => ({ id, startedAt });
  const summary = summaryOf(scenarios.flatMap((s) => s.figures));
  return { now: of(now), earlier: alike.map(of), target, profile, scenarios, leftOut, summary };
}

function whyNot(now: Compared, other: Compared): string | null {
  if (other.id === now.id) return 'it is the same';
  if (other.target !== now.target) return `its target is ${other.target}, not ${now.target}`;
  if (other.profile !== now.profile) return `its profile is ${other.profile}, not ${now.profile}`;
  return null;
}

function conclusiveRun(id: ScenarioId, { runs }: Compared, leftOut: Comparison['leftOut']): ComparedRun | null {
  const found = runs.find((r) => r.id === id);
  if (!found) return null;
  if (isConclusive(found)) return found;
  leftOut.push({ id: found.runId, reason: `it is ${found.verdict}` });
  return null;
}

/** Figures that are not in this run and in one earlier run at least are not compared. */
function compareRuns(now: ComparedRun, earlier: readonly ComparedRun[], all: readonly Compared[]): ComparedFigure[] {
  const before = earlier.map(({ figures }) => new Map(figures.map((f) => [f.id, f])));
  const quiet = quietFigures(now, all);
  return now.figures.flatMap((figure) => {
    const others = before.flatMap((figures) => figures.get(figure.id) ?? []);
    if (others.length === 0) return [];
    const { id, label, unit, better, text } = figure;
    const calm = figure.quiet !== null && others.every((o) => o.quiet !== null) ? quiet.get(figure.quiet) : undefined;
    return [{ id, label, unit, better, now: text, earlier: others.map((o) => o.text), ...judge(figure, others, calm) }];
  });
}

/** The figures of every control run with this load, in all of its columns. */
function quietFigures({ setup }: ComparedRun, all: readonly Compared[]): Map<string, number[]> {
  const controls = all.flatMap(({ runs }) => runs.filter((r) => r.id === 'control' && isSameLoad(r.setup, setup)));
  const figures = controls.flatMap((run) => run.figures).filter((f) => f.quiet !== null);
  return new Map(
    [...Map.groupBy(figures, (f) => f.quiet!)].map(([what, own]) => [what, own.map(({ value }) => value)]),
  );
}

const isSameLoad = (a: ComparedRun['setup'], b: ComparedRun['setup']): boolean =>
  a.users === b.users && a.workers === b.workers;

const outsideByChance = 0.05;

function summaryOf(figures: readonly ComparedFigure[]): Comparison['summary'] {
  const count = (change: Judged['change']) => figures.filter((f) => f.change === change).length;
  const held = figures.filter(({ noise }) => noise === 'repeated' || noise === 'control').length;
  const counts = { better: count('better'), worse: count('worse'), same: count('same'), unknown: count('unknown') };
  return { ...counts, byChance: Math.round(outsideByChance * held * 10) / 10 };
}
