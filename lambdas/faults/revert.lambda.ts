import { z } from 'zod';
import { runStep } from '../aws/step.ts';
import { revert } from './steps.ts';

/** A rehearsal only has the function started: its first call takes seconds, which nobody should wait for after a stop. */
export const handler = runStep({ rehearsal: z.boolean().default(false) }, async (context, { rehearsal }) =>
  rehearsal ? { reverted: false } : revert(context),
);
