import { cacheHitRateMetric } from './cache-hit-rate.ts';
import { connectionPoolMetric } from './connection-pool.ts';
import { cpuUsageMetric } from './cpu-usage.ts';
import { databaseLoadMetric } from './database-load.ts';
import { errorRateMetric } from './error-rate.ts';
import { memoryUsageMetric } from './memory-usage.ts';
import type { Metric } from './metric.ts';
import { queueLengthMetric } from './queue-length.ts';
import { recoveryTimeMetric } from './recovery-time.ts';
import { requestTimeoutMetric } from './request-timeout.ts';
import { responseTimeMetric } from './response-time.ts';
import { swapUsageMetric } from './swap-usage.ts';
import { throughputMetric } from './throughput.ts';
import { timeoutErrorsMetric } from './timeout-errors.ts';
import { userExperienceMetric } from './user-experience.ts';

/** Every metric that can be measured, by the id that a scenario's rows name. */
export const metrics: Readonly<Record<string, Metric>> = {
  'error-rate': errorRateMetric,
  'response-time': responseTimeMetric,
  throughput: throughputMetric,
  'recovery-time': recoveryTimeMetric,
  'database-load': databaseLoadMetric,
  'cache-hit-rate': cacheHitRateMetric,
  'cpu-usage': cpuUsageMetric,
  'memory-usage': memoryUsageMetric,
  'swap-usage': swapUsageMetric,
  'timeout-errors': timeoutErrorsMetric,
  'request-timeout': requestTimeoutMetric,
  'user-experience': userExperienceMetric,
  'connection-pool': connectionPoolMetric,
  'queue-length': queueLengthMetric,
};
