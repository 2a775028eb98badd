import { isCrash } from '../../../../lambdas/analysis/phases.ts';
import type { Scenario } from '../../../../lambdas/scenarios/scenario.ts';

/** When what happened: the truth that the analysis has to find again. Epoch seconds. */
export interface Timeline {
  load: number;
  baseline: number;
  inject: number;
  /** The fault takes effect. */
  fault: number;
  /** Its proof is complete. */
  landed: number;
  hold: number;
  revert: number;
  /** The dependency serves connections again. */
  restored: number;
  /** Its proof is complete. */
  gone: number;
  recovery: number;
  /** Users are served as before. */
  recovered: number;
  after: number;
  verify: number;
  end: number;
}

export interface TimelineOptions {
  start?: number;
  baselineSeconds?: number;
  holdSeconds?: number;
  /** From the revert request; a crash: from the kill to the start of the new process. */
  restoreSeconds?: number;
  recoverSeconds?: number;
  /** The end of the wait for recovery; the run goes on to `after` then. */
  recoveryLimit?: number;
  afterSeconds?: number;
}

const startOfTests = 1_760_000_000;

export function timeline(scenario: Scenario, o: TimelineOptions = {}): Timeline {
  const load = o.start ?? startOfTests;
  const baseline = load + 11.4;
  const inject = baseline + (o.baselineSeconds ?? 15);
  const hasFault = scenario.fault !== null;
  const fault = hasFault ? inject + 0.6 : inject;
  const crash = isCrash(scenario.fault);
  const restarted = fault + (o.restoreSeconds ?? 1.6);
  // A crash has landed when another process was seen.
  const landed = crash ? Math.min(restarted + 0.3, fault + 4) : hasFault ? fault + 0.9 : inject;
  const hold = landed + 0.1;
  const revert = hold + (o.holdSeconds ?? 20);
  const restored = crash ? restarted : revert + (hasFault ? (o.restoreSeconds ?? 3.2) : 0);
  const recovered = Math.max(restored, crash ? fault + (o.recoverSeconds ?? 2.2) : revert + (o.recoverSeconds ?? 4.7));
  const gone = Math.max(restored, revert) + 0.3;
  const limit = revert + (o.recoveryLimit ?? 60);
  // The live rule needs seven clean seconds before it can say so.
  const recoverySeen = Math.min(Math.max(recovered + 8, gone + 1), limit);
  const after = hasFault ? recoverySeen : revert;
  const verify = after + (o.afterSeconds ?? 10);
  return {
    load,
    baseline,
    inject,
    fault,
    landed,
    hold,
    revert,
    restored,
    gone,
    // What is never proven gone leaves the wait for recovery to its limit.
    recovery: Math.min(gone, after - 1) + 0.1,
    recovered,
    after,
    verify,
    end: verify + 2,
  };
}
