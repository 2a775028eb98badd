import { z } from 'zod';

const failed = z.object({ error: z.string() });

/** The application's own metrics; counters since its start. */
const appSchema = z.object({
  poolSize: z.number().nullable(),
  poolInUse: z.number().nullable(),
  poolWaiting: z.number().nullable(),
  queueLength: z.number().nullable(),
  queueLimit: z.number().nullable(),
  cacheHits: z.number().nullable(),
  cacheMisses: z.number().nullable(),
  cacheErrors: z.number().nullable(),
  requests: z.number().nullable(),
  shed: z.number().nullable(),
  /** Requests that the application ended at its own request limit. */
  requestTimeouts: z.number().nullable().default(null),
  databaseQueries: z.number().nullable(),
  databaseRetries: z.number().nullable(),
  databaseReconnects: z.number().nullable(),
  /** 0 closed, 1 half open, 2 open. */
  breakerState: z.number().nullable(),
  rateLimitAllowed: z.number().nullable(),
  rateLimitDenied: z.number().nullable(),
  rateLimitFallback: z.number().nullable(),
  processStart: z.number().nullable(),
});

/** What the observer saw in one second. A probe that failed says why instead of a value. */
export const sampleSchema = z.object({
  t: z.int(),
  /** Fraction of the second at which the probes started, for ordering within it. */
  at: z.number(),
  health: z.union([z.object({ status: z.int(), ms: z.number() }), failed]),
  database: z.union([
    z.object({
      maxConnections: z.int(),
      /** Client backends by state, without Faultline's own. */
      active: z.int(),
      idle: z.int(),
      idleInTransaction: z.int(),
      waitingOnLock: z.int(),
      /** Counters of the target's database since its statistics were reset. */
      xactCommit: z.number(),
      xactRollback: z.number(),
      tuplesReturned: z.number(),
      ms: z.number(),
    }),
    failed,
  ]),
  cache: z.union([
    z.object({
      connectedClients: z.int(),
      usedMemoryBytes: z.number(),
      keyspaceHits: z.number(),
      keyspaceMisses: z.number(),
      commandsProcessed: z.number(),
      ms: z.number(),
    }),
    failed,
  ]),
  app: z.union([appSchema, failed]),
});
export type Sample = z.infer<typeof sampleSchema>;
export type AppMetric = keyof z.infer<typeof appSchema>;

/** Every signal that an application's metrics may be. */
export const appMetrics = Object.keys(appSchema.shape) as AppMetric[];
