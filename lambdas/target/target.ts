import { z } from 'zod';
import { dataClassSchema } from '../evidence/ledger.ts';
import { safetySchema } from '../safety/safety-limits.ts';

const ecsService = z.object({
  cluster: z.string().min(1).max(255),
  service: z.string().min(1).max(255),
  /** DNS name and port at which the service is reached. */
  host: z.string().min(1).max(255),
  port: z.int().min(1).max(65_535),
});

export const targetIdSchema = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/);

/** The system under test. It is configuration: nothing in the product knows the sample application. */
export const targetSchema = z.strictObject({
  id: targetIdSchema,
  endpoint: z.url({ protocol: /^https?$/ }),
  health: z.strictObject({ path: z.string().startsWith('/').max(200), timeoutMs: z.int().min(100).max(10_000) }),
  /** The secret (its ARN or name) holds `{ username, password }`; it is read at run time and never stored with the evidence. */
  database: ecsService.extend({ secretId: z.string().min(1), name: z.string().min(1).max(63) }).nullable(),
  cache: ecsService.nullable(),
  /** A Prometheus endpoint of the application and which of its series is which signal. */
  metrics: z
    .strictObject({ path: z.string().startsWith('/').max(200), series: z.record(z.string(), z.string()) })
    .nullable(),
  /** How an acknowledged write is read back: a GET that answers 200 (found) or 404 (missing). */
  readback: z.partialRecord(
    dataClassSchema,
    z.strictObject({ path: z.string().includes('{key}').max(300), label: z.string() }),
  ),
  rpoSeconds: z.record(dataClassSchema, z.int().positive()),
  safety: safetySchema.prefault({}),
});
export type Target = z.infer<typeof targetSchema>;
