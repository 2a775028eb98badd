import { z } from 'zod';

/** Why somebody stops a run or moves the lever: told to others in terminals and reports, so one line and no tricks. */
export const reasonSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]*$/u, 'one line of text, without control characters');
