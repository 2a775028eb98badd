import { runStep } from '../aws/step.ts';
import { inject } from './steps.ts';

export const handler = runStep({}, inject);
