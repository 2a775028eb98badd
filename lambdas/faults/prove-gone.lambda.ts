import { runStep } from '../aws/step.ts';
import { proveGone } from './steps.ts';

export const handler = runStep({}, proveGone);
