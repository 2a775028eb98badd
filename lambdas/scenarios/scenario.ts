/** What a scenario is: pure data from which the state machine, the run and the report are made. */

export const profiles = ['quick', 'full'] as const;
export type Profile = (typeof profiles)[number];

export const scenarioIds = [
  'control',
  'database-failure',
  'cache-failure',
  'network-latency',
  'slow-query',
  'memory-pressure',
  'cpu-saturation',
  'application-crash',
] as const;
export type ScenarioId = (typeof scenarioIds)[number];

/** Durations in seconds. `recoveryLimit` ends the wait for steady state; RTO is then reported as `> limit`. */
export interface PhaseSeconds {
  baseline: number;
  fault: number;
  recoveryLimit: number;
  after: number;
}

export interface MetricRow {
  /** Key into the registry of metrics (`lambdas/analysis/metrics`). */
  id: string;
  /** The row's label, word for word as in the document that the report fills. */
  label: string;
}

export interface BehaviourLine {
  /** Key into the registry of behaviour checks (`lambdas/analysis/behaviours`). */
  id: string;
  label: string;
  /** What a resilient system is expected to do, in one clause. */
  expected: string;
  /** PASS needs every required behaviour observed as 'yes' (or 'not-applicable'). */
  required: boolean;
}

export interface FaultSpec {
  /** Key into the registry of faults (`lambdas/faults`). */
  id: string;
  parameters: Record<string, string | number | boolean>;
}

export interface Scenario {
  id: ScenarioId;
  /** Heading in the report, e.g. "Database Connection Failure". */
  title: string;
  /** Name in the summary tables, e.g. "Database Failure". */
  shortTitle: string;
  hypothesis: string;
  /** The document's "Failure Trigger" and "Recovery" lines. */
  trigger: string;
  recovery: string;
  /** What a reader must know of how this differs from the document; printed in the report's Test Setup. */
  notes?: string[];
  /** `null` where there is no fault to inject (control) or none is built yet (see `status`). */
  fault: FaultSpec | null;
  /** `planned` scenarios appear in the report as 'not run'. */
  status: 'available' | 'planned';
  load: { users: number; spawnRate: number };
  seconds: Record<Profile, PhaseSeconds>;
  /** Column headings for Before, During, After. */
  columns: [before: string, during: string, after: string];
  metrics: MetricRow[];
  behaviours: BehaviourLine[];
  targets: { rtoSeconds: number | null };
  /** The failure's name in the RTO table, where it has a row there. */
  rtoRow: string | null;
}

/** Recovery takes three windows in a row to be seen. */
const shortestRecoveryLimit = 10;

const quickRecoveryLimit = (rtoSeconds: number | null) =>
  Math.max(Math.min(rtoSeconds ?? 300, 60), shortestRecoveryLimit);

/** The scenario with a target's own RTO for it, and the recovery that a run then waits for. */
export function withRto(scenario: Scenario, rtoSeconds: number | undefined): Scenario {
  if (rtoSeconds === undefined) return scenario;
  const { quick, full } = scenario.seconds;
  return {
    ...scenario,
    targets: { ...scenario.targets, rtoSeconds },
    seconds: {
      quick: { ...quick, recoveryLimit: quickRecoveryLimit(rtoSeconds) },
      full: { ...full, recoveryLimit: Math.max(rtoSeconds, shortestRecoveryLimit) },
    },
  };
}

/** The two profiles' durations from the full fault time, the quick fault time and the RTO target. */
export function phaseSeconds(
  fullFault: number,
  quickFault: number,
  rtoSeconds: number | null,
): Record<Profile, PhaseSeconds> {
  return {
    full: { baseline: 60, fault: fullFault, recoveryLimit: rtoSeconds ?? 300, after: 30 },
    quick: { baseline: 15, fault: quickFault, recoveryLimit: quickRecoveryLimit(rtoSeconds), after: 10 },
  };
}
