import { z } from 'zod';

/** How to restore what a fault changed, written before the first mutation and kept until the fault is proven gone. */
export const undoRecordSchema = z.object({
  runId: z.string(),
  faultId: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  /** The original state, as the fault captured it. */
  original: z.record(z.string(), z.unknown()),
  createdAt: z.number(),
  /** Until when an injector may still be at work that has not said that it has ended; null: none is. */
  injectingUntil: z.number().nullable(),
  /** `reverted` is the tombstone that every injector reads immediately before it mutates. */
  status: z.enum(['open', 'reverted', 'done']),
});
export type UndoRecord = z.infer<typeof undoRecordSchema>;

/** Whether nothing that is injected can land any more. */
export const isSettled = ({ injectingUntil }: UndoRecord, now: number) =>
  injectingUntil === null || now > injectingUntil;
