import type { ChecklistItem, ScenarioResult } from '../report/report.schema.ts';
import type { RunEvent } from '../runs/run.ts';
import { behaviourResult } from './behaviours/registry.ts';
import { mostClockDistance } from './clock-distance.ts';
import type { Evidence } from './evidence.ts';
import { executionOf, textOf } from './execution.ts';
import { type Facts, factsOf } from './facts.ts';
import { findingsOf } from './findings.ts';
import { logSummaries } from './log-summary.ts';
import { emptyRow, metricRow } from './metrics/metric.ts';
import { metrics } from './metrics/registry.ts';
import { monitoringOf } from './monitoring.ts';
import { sum } from './robust.ts';
import { rollbackItem } from './rollback.ts';
import { rpoOf } from './rpo.ts';
import { rtoOf } from './rto.ts';
import { scoreInput, scoreOf } from './score.ts';
import { scoreDraws } from './score-draws.ts';
import { toolsOf } from './tools.ts';
import { judge } from './verdict.ts';
import { generatorProblems, vetoes as vetoesOf } from './vetoes.ts';

/**
 * The result of one run from its evidence, and from nothing else: the same evidence always gives the same result.
 * @throws Error when a window's histogram cannot be decoded
 */
export const analyse = (evidence: Evidence): ScenarioResult => resultOf(factsOf(evidence));

/** The same, where the facts serve for more than the result. */
export function resultOf(facts: Facts): ScenarioResult {
  const { evidence } = facts;
  const { scenario, run, events } = evidence;
  const rows = scenario.metrics.map((row) => {
    const metric = metrics[row.id];
    return metric ? metricRow(metric, row, facts) : emptyRow(row, 'not measured', 'not-measured', 'no such metric');
  });
  const observed = scenario.behaviours.map((line) => behaviourResult(line, facts));
  const invalid = vetoesOf(facts);
  const logs = logSummaries(evidence.logs ?? []);
  const rto = rtoOf(facts);
  const rpo = rpoOf(facts);
  const { verdict, reason } = judge(facts, { vetoes: invalid, rto, rpo, behaviours: observed });
  const scoreReason = whyNoScore(scenario.fault !== null, verdict);
  return {
    id: scenario.id,
    runId: run.runId,
    verdict,
    reason,
    setup: setupOf(evidence),
    phases: {
      baseline: facts.phases.baseline,
      fault: facts.phases.fault,
      recovery: facts.phases.recovery,
      after: facts.phases.after,
    },
    execution: executionOf(evidence),
    metrics: rows,
    behaviours: observed,
    fault: faultOf(facts),
    generator: generatorOf(facts),
    invalid,
    rto,
    rtoReason: rto ? null : (facts.recovery.reason ?? 'no recovery was seen'),
    rpo,
    score: scoreReason ? null : scoreOf(scoreInput(facts, observed, rto), scoreDraws(facts, observed, rto)),
    scoreReason,
    ...findingsOf({
      scenario: scenario.id,
      control: scenario.fault === null,
      verdict,
      vetoes: invalid,
      metrics: rows,
      behaviours: observed,
      rto,
      rpo,
    }),
    checklist: [...checklistOf(events), ...rollbackItem(events, scenario.id)],
    logs,
    monitoring: monitoringOf(facts, logs),
    tools: toolsOf(evidence),
    evidenceKeys: evidence.evidenceKeys ?? [],
  };
}

function whyNoScore(hasFault: boolean, verdict: ScenarioResult['verdict']): string | null {
  if (!hasFault) return 'no fault was injected, so there is nothing to score';
  return verdict === 'PASS' || verdict === 'FAIL' ? null : `the run is ${verdict}`;
}

function setupOf({ scenario, run }: Evidence): ScenarioResult['setup'] {
  return {
    title: scenario.title,
    shortTitle: scenario.shortTitle,
    hypothesis: scenario.hypothesis,
    users: run.load.users,
    spawnRate: run.load.spawnRate,
    workers: run.load.workers,
    seconds: run.seconds,
    trigger: scenario.trigger,
    recovery: scenario.recovery,
    notes: scenario.notes ?? [],
    columns: scenario.columns,
    rtoRow: scenario.rtoRow,
  };
}

function faultOf({ evidence: { scenario, events }, phases }: Facts): ScenarioResult['fault'] {
  if (!scenario.fault) {
    return { landed: null, proof: 'no fault was injected', gone: null, goneProof: 'no fault was injected' };
  }
  const proofOf = (type: RunEvent['type']) => events.filter((e) => e.type === type).at(-1)?.detail.proof;
  const open = events.filter((e) => e.type === 'fault-not-proven').at(-1)?.detail.detail;
  const landed = phases.landedAt !== null;
  const gone = phases.goneAt !== null;
  return {
    landed,
    proof: landed ? textOf(proofOf('fault-landed')) : `not proven${open ? `: ${textOf(open)}` : ''}`,
    gone,
    goneProof: gone ? textOf(proofOf('fault-gone')) : `not proven${landed && open ? `: ${textOf(open)}` : ''}`,
  };
}

function generatorOf({ evidence: { generator, run }, seconds }: Facts): ScenarioResult['generator'] {
  const requests = sum(seconds.map((s) => s.requests));
  const unmeasured = { cpuMax: null, cpuMean: null, lagMaxMs: null, silenceMaxMs: null, clockDistanceMs: null };
  const none = { ...unmeasured, locustRequests: null, requests };
  if (!generator) {
    const problems = ['the load generator left no report of itself'];
    return { healthy: false, workers: 0, expectedWorkers: run.load.workers, ...none, problems };
  }
  const { workers, master } = generator;
  const problems = generatorProblems(generator).map((p) => p.text);
  return {
    healthy: problems.length === 0,
    workers: workers.length,
    expectedWorkers: generator.expectedWorkers,
    cpuMax: workers.length ? Math.max(...workers.map((w) => w.cpuMax)) : null,
    cpuMean: workers.length ? Math.max(...workers.map((w) => w.cpuMean)) : null,
    lagMaxMs: Math.max(master.lagMaxMs, ...workers.map((w) => w.lagMaxMs)),
    silenceMaxMs: workers.reduce<number | null>(
      (most, w) => (most === null ? w.silenceMaxMs : Math.max(most, w.silenceMaxMs ?? 0)),
      null,
    ),
    clockDistanceMs: workers.some((w) => w.clock) ? mostClockDistance(generator) * 1000 : null,
    requests,
    locustRequests: generator.locust.requests,
    problems,
  };
}

/** The last word of the run on each item of the execution checklist. */
function checklistOf(events: readonly RunEvent[]): ChecklistItem[] {
  const items = new Map<string, ChecklistItem>();
  for (const { type, detail } of events) {
    if (type !== 'checklist' || !detail.item) continue;
    const item = String(detail.item);
    items.set(item, { item, done: detail.done === true, evidence: textOf(detail.evidence) });
  }
  return [...items.values()];
}
