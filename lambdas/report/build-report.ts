import type { TargetView } from '../analysis/evidence.ts';
import { emptyRow } from '../analysis/metrics/metric.ts';
import type { Compared } from '../comparison/compared.ts';
import { comparedRun } from '../comparison/figures.ts';
import { scenarioById, scenarios } from '../scenarios/registry.ts';
import type { Profile, ScenarioId } from '../scenarios/scenario.ts';
import { executionChecklist, nextSteps } from './checklist.ts';
import { scoredScenarios } from './document.ts';
import { overallScore } from './overall-score.ts';
import { rpoSummary, rtoSummary } from './recovery-objectives.ts';
import { recoveryPlan } from './recovery-plan.ts';
import {
  type ChecklistItem,
  priorities,
  type Recommendation,
  type Report,
  reportSchema,
  type ScenarioResult,
  schemaVersion,
} from './report.schema.ts';
import { sinceEarlier } from './since-earlier.ts';

export interface ReportInput {
  gameDayId: string;
  /** Epoch seconds. */
  startedAt: number;
  endedAt: number;
  mode: 'local' | 'aws';
  profile: Profile;
  target: Pick<TargetView, 'id' | 'endpoint' | 'rpoSeconds'> & Partial<Pick<TargetView, 'rtoSeconds'>>;
  /** In any order. */
  results: readonly ScenarioResult[];
  /** Why a scenario has no result. Those that are in neither list get a reason of their own. */
  notRun?: readonly { id: ScenarioId; reason: string }[];
  /** Items of the execution checklist beyond those that the runs recorded. */
  checklist?: readonly ChecklistItem[];
  /** Earlier game-days of this target and profile, the oldest first. */
  earlier?: readonly Compared[];
}

/**
 * One report from the results of a game-day. Pure: the same results give the same report, byte for byte.
 * @throws ZodError when a result does not keep the contract
 */
export function buildReport(input: ReportInput): Report {
  const results = scenarios.flatMap((s) => input.results.filter((r) => r.id === s.id));
  const notRun = scenarios
    .filter((s) => !results.some((r) => r.id === s.id))
    .map((s) => notRunEntry(s.id, input.notRun));
  const recommendations = byPriority(results.flatMap((r) => r.recommendations));
  const plan = recoveryPlan(results);
  const done = { results, notRun: notRun.length, recommendations, planned: plan.map((p) => p.scenario) };
  const scores = scoreRows(results);
  return reportSchema.parse({
    schemaVersion,
    gameDayId: input.gameDayId,
    startedAt: input.startedAt,
    endedAt: input.endedAt,
    mode: input.mode,
    profile: input.profile,
    target: { id: input.target.id, endpoint: withoutCredentials(input.target.endpoint) },
    scenarios: results,
    notRun,
    summary: {
      scores,
      overall: overallScore(scores),
      sinceEarlier: sinceEarlier(comparedGameDay(input), input.earlier ?? []),
      strengths: results.flatMap((r) => r.strengths),
      weaknesses: results.flatMap((r) => r.weaknesses),
      risks: [...results.flatMap((r) => r.risks), ...notRunRisk(notRun.map((n) => n.id))],
      recommendations,
      rto: rtoSummary(results, input.target.rtoSeconds ?? {}),
      rpo: rpoSummary(results, input.target.rpoSeconds),
      nextSteps: nextSteps(done),
      recoveryPlan: plan,
      checklist: executionChecklist([...(input.checklist ?? []), ...results.flatMap((r) => r.checklist)], done),
    },
  } satisfies Report);
}

const comparedGameDay = ({ gameDayId, startedAt, target, profile, results }: ReportInput): Compared => ({
  id: gameDayId,
  startedAt,
  target: target.id,
  profile,
  runs: results.map(comparedRun),
});

function withoutCredentials(endpoint: string): string {
  const url = new URL(endpoint);
  if (!url.username && !url.password) return endpoint;
  url.username = '';
  url.password = '';
  return url.toString();
}

function notRunEntry(id: ScenarioId, reasons: ReportInput['notRun']): Report['notRun'][number] {
  const { status, metrics, behaviours } = scenarioById(id);
  const usual = status === 'planned' ? 'this scenario cannot be run yet' : 'not part of this game-day';
  return {
    id,
    reason: reasons?.find((r) => r.id === id)?.reason ?? usual,
    metrics: metrics.map((row) => emptyRow(row, 'not run', 'not-run', 'not run')),
    behaviours: behaviours.map((line) => ({ ...line, observed: 'unknown', evidence: 'not run' })),
  };
}

function notRunRisk(ids: readonly ScenarioId[]): { text: string; evidence: string }[] {
  const failures = ids.filter((id) => id !== 'control');
  if (failures.length === 0) return [];
  const names = failures.map((id) => scenarioById(id).shortTitle).join(', ');
  return [{ text: `How the system behaves is not known for: ${names} (not run).`, evidence: 'notRun' }];
}

/** By priority; a recommendation that several observations call for is made once, at its highest priority. */
function byPriority(all: readonly Recommendation[]): Recommendation[] {
  const merged = new Map<string, Recommendation>();
  const sorted = priorities.flatMap((p) => all.filter((r) => r.priority === p));
  for (const r of sorted) {
    const known = merged.get(r.text);
    merged.set(r.text, known ? { ...known, evidence: `${known.evidence}, ${r.evidence}` } : r);
  }
  return [...merged.values()];
}

function scoreRows(results: readonly ScenarioResult[]): Report['summary']['scores'] {
  const extra = results.filter((r) => r.id === 'application-crash').map((r) => r.id);
  return [...scoredScenarios, ...extra].map((id) => {
    const result = results.find((r) => r.id === id);
    return {
      scenario: id,
      title: scenarioById(id).shortTitle,
      score: result?.score ?? null,
      reason: result ? result.scoreReason : 'not run',
    };
  });
}
