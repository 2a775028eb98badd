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
  /** From the revert request. */
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
  const landed = hasFault ? fault + 0.9 : inject;
  const hold = landed + 0.1;
  const revert = hold + (o.holdSeconds ?? 20);
  const restored = revert + (hasFault ? (o.restoreSeconds ?? 3.2) : 0);
  const recovered = Math.max(restored, revert + (o.recoverSeconds ?? 4.7));
  const gone = restored + 0.3;
  const limit = revert + (o.recoveryLimit ?? 60);
  // The live rule needs seven clean seconds before it can say so.
  const recoverySeen = Math.min(Math.max(recovered + 8, gone), limit);
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
    recovery: gone + 0.1,
    recovered,
    after,
    verify,
    end: verify + 2,
  };
}
