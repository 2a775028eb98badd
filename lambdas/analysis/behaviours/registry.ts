import type { BehaviourResult } from '../../report/report.schema.ts';
import type { BehaviourLine } from '../../scenarios/scenario.ts';
import type { Facts } from '../facts.ts';
import { automaticRetry } from './automatic-retry.ts';
import { type Behaviour, unknown } from './behaviour.ts';
import { connectionPool } from './connection-pool.ts';
import { databaseFallback } from './database-fallback.ts';
import { errorMessages } from './error-messages.ts';
import { failOpenCaching } from './fail-open-caching.ts';
import { gracefulDegradation } from './graceful-degradation.ts';
import { health503, healthStaysUp } from './health.ts';
import { noDeviation } from './no-deviation.ts';
import { performanceImpact } from './performance-impact.ts';
import { rateLimiting } from './rate-limiting.ts';
import { sessionStorage } from './session-storage.ts';

/** Every behaviour that can be checked, by the id that a scenario's lines name. */
export const behaviours: Readonly<Record<string, Behaviour>> = {
  'health-503': health503,
  'health-stays-up': healthStaysUp,
  'no-deviation': noDeviation,
  'error-messages': errorMessages,
  'connection-pool': connectionPool,
  'automatic-retry': automaticRetry,
  'graceful-degradation': gracefulDegradation,
  'fail-open-caching': failOpenCaching,
  'database-fallback': databaseFallback,
  'rate-limiting': rateLimiting,
  'session-storage': sessionStorage,
  'performance-impact': performanceImpact,
};

export function behaviourResult(line: BehaviourLine, facts: Facts): BehaviourResult {
  const check = behaviours[line.id] ?? (() => unknown(`there is no check for '${line.id}'`));
  return { ...line, ...check(facts) };
}
