import { z } from 'zod';
import { runStep } from '../aws/step.ts';
import { recordError } from './record-error.ts';

export const handler = runStep({ state: z.string().max(80), error: z.string(), cause: z.string() }, recordError);
