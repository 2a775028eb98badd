import type { WindowSummary } from '../../lambdas/evidence/window.ts';
import type { PhaseName, Run } from '../../lambdas/runs/run.ts';
import { scenarioById } from '../../lambdas/scenarios/registry.ts';
import type { Profile, scenarioIds } from '../../lambdas/scenarios/scenario.ts';

/** Starting and spawning the load, proofs, read-back and analysis: measured, and rounded up. */
const overheadSeconds = 35;

export const phaseLabels: Record<PhaseName, string> = {
  prepare: 'preparing',
  load: 'starting the load',
  baseline: 'baseline',
  inject: 'injecting the fault',
  fault: 'fault',
  revert: 'reverting the fault',
  recovery: 'recovery',
  after: 'after',
  verify: 'reading the ledger back',
  analyse: 'analysing',
  done: 'done',
};

/** One line on where a run is: phase and its time, and the latest second of load. */
export function describeRun(run: Phase, latest: WindowSummary | undefined, now: number): string {
  return [phaseLabels[run.phase] + phaseTime(run, now), ...(latest ? [describeLoad(latest)] : [])].join('  ');
}

type Phase = Pick<Run, 'phase' | 'phaseStartedAt' | 'phaseEndsAt'>;

/** How long a phase has lasted, and of how long where that is known; empty where it says nothing. */
export function phaseTime(run: Phase, now: number): string {
  const elapsed = Math.max(0, Math.round(now - run.phaseStartedAt));
  if (run.phase === 'done' || run.phase === 'prepare') return '';
  const total = run.phaseEndsAt && run.phase !== 'load' ? Math.round(run.phaseEndsAt - run.phaseStartedAt) : null;
  if (total === null) return ` ${elapsed} s`;
  return run.phase === 'recovery' ? ` ${elapsed} s (at most ${total} s)` : ` ${Math.min(elapsed, total)}/${total} s`;
}

export function describeLoad(w: WindowSummary): string {
  const errors = w.requests === 0 ? '–' : `${((100 * w.failures) / w.requests).toFixed(1)} %`;
  const p95 = w.p95Ms === null ? '–' : `${w.p95Ms < 10 ? w.p95Ms.toFixed(1) : Math.round(w.p95Ms)} ms`;
  return `${w.users} users  ${w.requests} req/s  errors ${errors}  p95 ${p95}`;
}

/** Seconds that runs not yet begun will take at most, where recovery is quick. */
export function expectedSeconds(scenario: (typeof scenarioIds)[number], profile: Profile): number {
  const { load, seconds } = scenarioById(scenario);
  const { baseline, fault, after } = seconds[profile];
  return load.users / load.spawnRate + baseline + fault + after + overheadSeconds;
}

export function describeSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 90 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
