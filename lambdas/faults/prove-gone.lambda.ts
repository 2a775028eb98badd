import { z } from 'zod';
import { runStep } from '../aws/step.ts';
import { rehearseProof } from './rehearse.ts';
import { proveGone } from './steps.ts';

export const handler = runStep({ rehearsal: z.boolean().default(false) }, (context, { rehearsal }) =>
  rehearsal ? rehearseProof(context) : proveGone(context),
);
