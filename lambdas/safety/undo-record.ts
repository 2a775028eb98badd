import { z } from 'zod';

/** How to restore what a fault changed, written before the first mutation and kept until the fault is proven gone. */
export const undoRecordSchema = z.object({
  runId: z.string(),
  faultId: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  /** The original state, as the fault captured it. */
  original: z.record(z.string(), z.unknown()),
  createdAt: z.number(),
  /** `reverted` is the tombstone that every injector reads immediately before it mutates. */
  status: z.enum(['open', 'reverted', 'done']),
});
export type UndoRecord = z.infer<typeof undoRecordSchema>;
