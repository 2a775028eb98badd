import { runStep } from '../aws/step.ts';
import { revert } from './steps.ts';

export const handler = runStep({}, revert);
