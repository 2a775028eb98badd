import { z } from 'zod';

const megabytes = z.number().int().max(65_536);

/** What a managed host is to be. */
export const hostSpecSchema = z.strictObject({
  /** Its computer name, and its DNS name below the run's domain. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  instanceId: z.string().regex(/^i-[0-9a-f]{17}$/),
  tags: z.record(z.string(), z.string()),
  memoryMb: megabytes.min(256).default(768),
  /** 0 for none. */
  swapMb: megabytes.min(0).default(512),
  /** The address of an earlier host, given again when nobody has it. */
  address: z.ipv4().optional(),
  /** The sample application on it, kept running by a supervisor. */
  program: z.strictObject({
    environment: z.record(z.string(), z.string()),
    /** A log group that exists, for what it prints. */
    logGroup: z.string().optional(),
  }),
});

export type HostSpec = z.input<typeof hostSpecSchema>;
/** With its defaults. */
export type CompleteHostSpec = z.output<typeof hostSpecSchema>;
