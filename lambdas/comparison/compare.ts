import { isDeepStrictEqual } from 'node:util';
import type { ScenarioResult } from '../report/report.schema.ts';
import { isConclusive } from '../runs/run.ts';
import { type ScenarioId, scenarioIds } from '../scenarios/scenario.ts';
import { type Figure, figuresOf } from './figures.ts';
import { type Judged, judge } from './judge.ts';

/** A game-day, or one run by itself. */
export interface Compared {
  id: string;
  /** Epoch seconds. */
  startedAt: number;
  target: string;
  profile: string;
  results: readonly ScenarioResult[];
}

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

export class NothingToCompare extends Error {
  constructor(leftOut: Comparison['leftOut']) {
    const why = leftOut.map(({ id, reason }) => `${id}: ${reason}`).join('; ');
    super(`nothing can be compared${why && ` (${why})`}`);
    this.name = 'NothingToCompare';
  }
}

/**
 * What got better or worse from earlier runs to these, scenario by scenario and figure by figure. A difference is told
 * only where it is beyond noise: docs/comparison.md has the rules.
 * @throws NothingToCompare with what was left out
 */
export function compare(now: Compared, earlier: readonly Compared[]): Comparison {
  const leftOut: Comparison['leftOut'] = [];
  const alike = earlier.filter((other) => {
    const reason = whyNot(now, other);
    if (reason) leftOut.push({ id: other.id, reason });
    return reason === null;
  });
  const scenarios = scenarioIds.flatMap((id) => {
    const result = conclusiveRun(id, now, leftOut);
    if (!result) return [];
    const others = alike.flatMap((other) => {
      const found = conclusiveRun(id, other, leftOut);
      if (found && isSameSetup(result, found)) return [found];
      if (found) leftOut.push({ id: found.runId, reason: 'its load, phases or fault are others' });
      return [];
    });
    if (others.length === 0) return [];
    return [{ id, earlierRuns: others.map((o) => o.runId), figures: compareRuns(result, others, [now, ...alike]) }];
  });
  if (scenarios.length === 0) throw new NothingToCompare(leftOut);
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

function conclusiveRun(id: ScenarioId, { results }: Compared, leftOut: Comparison['leftOut']): ScenarioResult | null {
  const found = results.find((r) => r.id === id);
  if (!found) return null;
  if (isConclusive(found)) return found;
  leftOut.push({ id: found.runId, reason: `it is ${found.verdict}` });
  return null;
}

/** The same load in the same phases with the same fault. */
const isSameSetup = (a: ScenarioResult, b: ScenarioResult): boolean =>
  isSameLoad(a, b) &&
  isDeepStrictEqual(a.setup.seconds, b.setup.seconds) &&
  a.setup.trigger === b.setup.trigger &&
  isDeepStrictEqual(a.setup.notes, b.setup.notes);

const isSameLoad = ({ setup: a }: ScenarioResult, { setup: b }: ScenarioResult): boolean =>
  a.users === b.users && a.workers === b.workers;

/** Figures that are not in this run and in one earlier run at least are not compared. */
function compareRuns(
  now: ScenarioResult,
  earlier: readonly ScenarioResult[],
  all: readonly Compared[],
): ComparedFigure[] {
  const before = earlier.map((result) => new Map(figuresOf(result).map((f) => [f.id, f])));
  const quiet = quietFigures(now, all);
  return figuresOf(now).flatMap((figure) => {
    const others = before.flatMap((figures) => figures.get(figure.id) ?? []);
    if (others.length === 0) return [];
    const { id, label, unit, better, text } = figure;
    const calm = figure.quiet !== null && others.every((o) => o.quiet !== null) ? quiet.get(figure.quiet) : undefined;
    return [{ id, label, unit, better, now: text, earlier: others.map((o) => o.text), ...judge(figure, others, calm) }];
  });
}

/** The figures of every control run with this load, in all of its columns. */
function quietFigures(now: ScenarioResult, all: readonly Compared[]): Map<string, number[]> {
  const controls = all.flatMap(({ results }) =>
    results.filter((r) => r.id === 'control' && isConclusive(r) && isSameLoad(r, now)),
  );
  const figures = controls.flatMap(figuresOf).filter((f) => f.quiet !== null);
  return new Map(
    [...Map.groupBy(figures, (f) => f.quiet!)].map(([what, own]) => [what, own.map(({ value }) => value)]),
  );
}

const outsideByChance = 0.05;

function summaryOf(figures: readonly ComparedFigure[]): Comparison['summary'] {
  const count = (change: Judged['change']) => figures.filter((f) => f.change === change).length;
  const held = figures.filter(({ noise }) => noise === 'repeated' || noise === 'control').length;
  const counts = { better: count('better'), worse: count('worse'), same: count('same'), unknown: count('unknown') };
  return { ...counts, byChance: Math.round(outsideByChance * held * 10) / 10 };
}
