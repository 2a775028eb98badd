import { z } from 'zod';
import { runStep } from '../aws/step.ts';
import { watch, watchedPhases } from './watch.ts';

export const handler = runStep({ phase: z.enum(watchedPhases) }, (run, { phase }) => watch(run, phase));
