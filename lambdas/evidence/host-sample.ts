import { z } from 'zod';

/** What a managed host said of itself, once or twice a second, from its kernel's own counters. */
export const hostSampleSchema = z.object({
  /** Epoch seconds by the host's clock. */
  at: z.number(),
  /** The host's instance id. */
  host: z.string(),
  cpu: z.object({
    /** Shares of all cores since the previous sample, 0..1; null in the first. */
    busy: z.number().nullable(),
    idle: z.number().nullable(),
    iowait: z.number().nullable(),
    cores: z.int(),
    load1: z.number(),
  }),
  memory: z.object({
    totalKb: z.number(),
    availableKb: z.number(),
    swapTotalKb: z.number(),
    swapFreeKb: z.number(),
    /** Counters since boot, of /proc/vmstat. */
    swapInPages: z.number(),
    swapOutPages: z.number(),
    oomKills: z.number(),
  }),
  /** TCP sockets by state, as `established`, `timeWait`. */
  sockets: z.record(z.string(), z.int()),
  disk: z.object({ totalBytes: z.number(), freeBytes: z.number() }),
  /** The application's main process; null while there is none. `startedAt` is epoch seconds: a restart changes both. */
  process: z
    .object({ pid: z.int(), startedAt: z.number(), residentKb: z.number(), threads: z.int(), openFiles: z.int() })
    .nullable(),
});
export type HostSample = z.infer<typeof hostSampleSchema>;
