import { z } from 'zod';
import { type AppMetric, appMetrics } from '../evidence/sample.ts';

/** Longer ones would tell nothing of a fault that lasts minutes. */
export const metricPeriods = [1, 5, 10, 30, 60] as const;

/** A gauge is told by one of these; of a counter CloudWatch has what it rose in each period, the sum. */
export const gaugeStatistics = ['Average', 'Maximum', 'Minimum'] as const;

/** A metric of CloudWatch, as its owner's application or an AWS service publishes it. */
export const cloudWatchMetricSchema = z.strictObject({
  namespace: z.string().regex(/^[A-Za-z0-9._/#:-]{1,255}$/, 'the namespace of a CloudWatch metric'),
  name: z.string().min(1).max(255),
  dimensions: z
    .record(z.string().min(1).max(255), z.string().min(1).max(1024))
    .refine((all) => Object.keys(all).length <= 30, 'at most 30 dimensions')
    .default({}),
  /** Of gauges; counters have their sum. */
  statistic: z.enum(gaugeStatistics).default('Maximum'),
  periodSeconds: z.literal(metricPeriods).default(60),
});
export type CloudWatchMetric = z.infer<typeof cloudWatchMetricSchema>;

export const appMetricSchema = z.enum(appMetrics as [AppMetric, ...AppMetric[]]);

/** Which metric is which signal. */
export const signalsSchema = z.partialRecord(appMetricSchema, cloudWatchMetricSchema);
export type Signals = z.infer<typeof signalsSchema>;

const gauges: ReadonlySet<AppMetric> = new Set([
  'poolSize',
  'poolInUse',
  'poolWaiting',
  'queueLength',
  'queueLimit',
  'breakerState',
  'processStart',
]);

export const isCounter = (signal: AppMetric): boolean => !gauges.has(signal);
