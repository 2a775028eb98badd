import { z } from 'zod';
import { onlookingStep } from '../aws/step.ts';
import { observe } from './observe.ts';

export const handler = onlookingStep({ slice: z.int().min(0) }, (run, { slice }) => observe(run, slice));
