import { z } from 'zod';

/** A class of data with its own RPO target. */
export const dataClasses = ['users', 'transactions', 'sessions'] as const;
export const dataClassSchema = z.enum(dataClasses);
export type DataClass = z.infer<typeof dataClassSchema>;

/** One marked write, as the load generator saw it. Times are epoch seconds with fraction. */
export const ledgerEntrySchema = z.object({
  class: dataClassSchema,
  /** What the read-back asks the application for; unique within its class. */
  key: z.string().min(1).max(200),
  intent: z.number(),
  /** When the acknowledgement arrived; null where none did. */
  ack: z.number().nullable(),
  /** `unknown`: a time-out or a broken connection; it may or may not have been written. */
  outcome: z.enum(['acked', 'refused', 'unknown']),
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

/** What the application answered when a key was read back. */
export const readbackEntrySchema = z.object({
  class: dataClassSchema,
  key: z.string(),
  found: z.enum(['found', 'missing', 'unreadable']),
  /** Positive controls are keys that were never written; they must come back as missing. */
  control: z.boolean(),
});
export type ReadbackEntry = z.infer<typeof readbackEntrySchema>;
