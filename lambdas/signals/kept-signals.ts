import { z } from 'zod';
import { appMetricSchema, cloudWatchMetricSchema } from './cloudwatch-metric.ts';

export const pointSchema = z.object({
  /** Epoch seconds: the beginning of its period. */
  at: z.number(),
  value: z.number(),
});
export type Point = z.infer<typeof pointSchema>;

/** What CloudWatch had of one signal in the time of a run. */
export const keptSignalSchema = z.object({
  signal: appMetricSchema,
  metric: cloudWatchMetricSchema,
  /** Why there is nothing, or why what is there tells nothing. */
  problem: z.string().nullable(),
  points: z.array(pointSchema),
});
export type KeptSignal = z.infer<typeof keptSignalSchema>;

/** Of a run's evidence. */
export const signalsFileName = 'signals.json';

/** What was kept, from that file's text; empty where there is none. */
export const keptSignals = (text: string | null): KeptSignal[] =>
  text === null ? [] : z.array(keptSignalSchema).parse(JSON.parse(text));
