import { cacheHitRateMetric } from './cache-hit-rate.ts';
import { databaseLoadMetric } from './database-load.ts';
import { errorRateMetric } from './error-rate.ts';
import type { Metric } from './metric.ts';
import { recoveryTimeMetric } from './recovery-time.ts';
import { responseTimeMetric } from './response-time.ts';
import { throughputMetric } from './throughput.ts';

/** Every metric that can be measured, by the id that a scenario's rows name. */
export const metrics: Readonly<Record<string, Metric>> = {
  'error-rate': errorRateMetric,
  'response-time': responseTimeMetric,
  throughput: throughputMetric,
  'recovery-time': recoveryTimeMetric,
  'database-load': databaseLoadMetric,
  'cache-hit-rate': cacheHitRateMetric,
};
