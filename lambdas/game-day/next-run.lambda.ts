import { step } from '../aws/step.ts';
import { nextRun, nextRunInput } from './next-run.ts';

export const handler = step(nextRunInput, nextRun);
