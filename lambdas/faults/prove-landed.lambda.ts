import { runStep } from '../aws/step.ts';
import { proveLanded } from './steps.ts';

export const handler = runStep({}, proveLanded);
