import { runStep } from '../aws/step.ts';
import { release } from './release.ts';

export const handler = runStep({}, release);
