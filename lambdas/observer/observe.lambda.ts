import { z } from 'zod';
import { runStep } from '../aws/step.ts';
import { observe } from './observe.ts';

export const handler = runStep({ slice: z.int().min(0) }, (run, { slice }) => observe(run, slice));
