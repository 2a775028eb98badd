import type { BehaviourResult } from '../../report/report.schema.ts';
import type { BehaviourLine } from '../../scenarios/scenario.ts';
import type { Facts } from '../facts.ts';
import { automaticRetry } from './automatic-retry.ts';
import { type Behaviour, unknown } from './behaviour.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import { connectionPool } from './connection-pool.ts';
import { connectionRelease } from './connection-release.ts';
import { lostRequests, supervisorRestart } from './crash.ts';
import { databaseFallback } from './database-fallback.ts';
import { errorMessages } from './error-messages.ts';
import { failOpenCaching } from './fail-open-caching.ts';
import { gracefulDegradation } from './graceful-degradation.ts';
import { health503, healthStaysUp } from './health.ts';
import { oomKiller, processCrashes, swapThrashing } from './memory.ts';
import { noDeviation } from './no-deviation.ts';
import { performanceImpact } from './performance-impact.ts';
import { queueBuildup } from './queue-buildup.ts';
import { rateLimiting } from './rate-limiting.ts';
import { recovery } from './recovery.ts';
import { requestQueuing } from './request-queuing.ts';
import { retryLogic } from './retry-logic.ts';
import { sessionStorage } from './session-storage.ts';
import { requestTimeout30s, timeoutErrors, timeoutHandling } from './timeouts.ts';
import { userFeedback } from './user-feedback.ts';
import { workerStarvation } from './worker-starvation.ts';

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
  'timeout-handling': timeoutHandling,
  'circuit-breaker': circuitBreaker,
  'retry-logic': retryLogic,
  'user-feedback': userFeedback,
  'request-timeout-30s': requestTimeout30s,
  'connection-release': connectionRelease,
  'queue-buildup': queueBuildup,
  recovery,
  'oom-killer': oomKiller,
  'process-crashes': processCrashes,
  'swap-thrashing': swapThrashing,
  'request-queuing': requestQueuing,
  'worker-starvation': workerStarvation,
  'timeout-errors': timeoutErrors,
  'supervisor-restart': supervisorRestart,
  'lost-requests': lostRequests,
};

export function behaviourResult(line: BehaviourLine, facts: Facts): BehaviourResult {
  const check = behaviours[line.id] ?? (() => unknown(`there is no check for '${line.id}'`));
  return { ...line, ...check(facts) };
}
