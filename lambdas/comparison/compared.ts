import { z } from 'zod';
import { phaseSecondsSchema, runIdSchema, verdicts } from '../runs/run.ts';
import { profiles, scenarioIds } from '../scenarios/scenario.ts';

/** One figure of a run that can be held against the same figure of another run. */
export const figureSchema = z.strictObject({
  /** Its place in the result: `metrics/response-time/p95/during`. */
  id: z.string().min(1),
  label: z.string().min(1),
  unit: z.string(),
  better: z.enum(['lower', 'higher']),
  value: z.number(),
  /** What is no difference: half the width of the figure's own 95 % interval, or the floor of its rule. Same unit. */
  resolution: z.number().nonnegative(),
  /** The value as people read it. */
  text: z.string().min(1),
  /** What a figure of a time in which nothing was broken is of, in whatever column and scenario: `response-time/p95`. */
  quiet: z.string().nullable(),
});
export type Figure = z.infer<typeof figureSchema>;

/** What of a run is compared: small enough that a report can have it of several earlier game-days. */
export const comparedRunSchema = z.strictObject({
  id: z.enum(scenarioIds),
  runId: runIdSchema,
  verdict: z.enum(verdicts),
  /** Runs are compared where all of it is the same. */
  setup: z.strictObject({
    users: z.int(),
    workers: z.int(),
    seconds: phaseSecondsSchema,
    trigger: z.string(),
    notes: z.array(z.string()),
  }),
  /** None of a run that is not conclusive. */
  figures: z.array(figureSchema),
});
export type ComparedRun = z.infer<typeof comparedRunSchema>;

/** A game-day, or one run by itself. */
export const comparedSchema = z.strictObject({
  id: runIdSchema,
  /** Epoch seconds. */
  startedAt: z.number(),
  target: z.string().min(1),
  profile: z.enum(profiles),
  runs: z.array(comparedRunSchema),
});
export type Compared = z.infer<typeof comparedSchema>;

/** The earlier game-days that a report is compared with, as they lie among a game-day's files. */
export const earlierName = 'earlier.json';
export const earlierSchema = z.array(comparedSchema);
