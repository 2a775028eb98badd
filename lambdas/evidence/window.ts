import { z } from 'zod';

/**
 * How a request ended, as the load generator saw it. Everything but `ok` counts as an error.
 * `timeout` and `connection` are unknown outcomes for a write: it may or may not have happened.
 */
export const outcomes = [
  'ok',
  'http_4xx',
  'http_429',
  'http_5xx',
  'http_503',
  'timeout',
  'connection',
  'other',
] as const;
export const outcomeSchema = z.enum(outcomes);
export type Outcome = z.infer<typeof outcomeSchema>;

/** One endpoint's requests of one outcome that *ended* within the window. */
export const cellSchema = z.object({
  /** Locust's name of the request, with its method: "GET /stories/[id]". */
  endpoint: z.string(),
  outcome: outcomeSchema,
  count: z.int().min(1),
  /** HDR histogram of response times in microseconds, V2 deflate encoding, base64 (1 µs to 120 s, 3 digits). */
  histogram: z.string(),
});

export const errorSampleSchema = z.object({
  endpoint: z.string(),
  outcome: outcomeSchema,
  /** HTTP status; 0 where there was no response. */
  status: z.int(),
  contentType: z.string().nullable(),
  retryAfter: z.string().nullable(),
  /** First 300 characters of the body or of the exception's text. */
  text: z.string(),
  ms: z.number(),
});

/** One second of load, [t, t+1), merged over all workers. */
export const windowSchema = z.object({
  t: z.int(),
  users: z.int(),
  cells: z.array(cellSchema),
  /** Error responses that carried a Retry-After header. */
  retryAfter: z.int(),
  /** At most 3 a window. */
  errorSamples: z.array(errorSampleSchema),
  /**
   * The requests of paced users by the time from when they were meant to start: those that ended, and those that were
   * `missed` because their users still waited for an answer, with the time that they would have waited at least. A
   * histogram as that of a cell. Absent where no request of a paced user ended.
   */
  paced: z.object({ missed: z.int().min(0), histogram: z.string() }).optional(),
});
export type Window = z.infer<typeof windowSchema>;

/** The live form of a window: one small DynamoDB item (`window#<t>`), for the guard and the progress display. */
export const windowSummarySchema = z.object({
  t: z.int(),
  users: z.int(),
  /** Workers that reported this second. */
  workers: z.int(),
  requests: z.int(),
  failures: z.int(),
  /** Over all outcomes, as observed; null without requests. */
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});
export type WindowSummary = z.infer<typeof windowSummarySchema>;

/** What the load generator says of itself when it ends. */
export const generatorReportSchema = z.object({
  expectedWorkers: z.int(),
  /** Per worker, over its life. CPU is a share of one core, 0..1. Lag is how late a timed wake-up came. */
  workers: z.array(
    z.object({
      id: z.string(),
      reports: z.int(),
      cpuMax: z.number(),
      cpuMean: z.number(),
      lagMaxMs: z.number(),
      /** The longest time between two of its reports; null in evidence of earlier versions. */
      silenceMaxMs: z.number().nullable().default(null),
      /** By how much its clock is ahead of the master's, give or take; null where it was not measured. */
      clock: z.object({ offsetMs: z.number(), uncertaintyMs: z.number() }).nullable().default(null),
    }),
  ),
  lostWorkers: z.array(z.string()),
  master: z.object({ cpuMax: z.number(), cpuMean: z.number().default(0), lagMaxMs: z.number() }),
  /** Locust's own totals, from the statistics that it also prints to CSV. */
  locust: z.object({ requests: z.int(), failures: z.int() }),
  /** Totals of the windows; equal to Locust's, or the run is INVALID. */
  windows: z.object({ requests: z.int(), failures: z.int() }),
  versions: z.record(z.string(), z.string()),
  /** How the evidence got to its store; `undelivered` objects are missing from it. */
  delivery: z.object({
    errors: z.int(),
    lastError: z.string().nullable(),
    undelivered: z.int(),
    summariesDropped: z.int(),
  }),
});
export type GeneratorReport = z.infer<typeof generatorReportSchema>;
