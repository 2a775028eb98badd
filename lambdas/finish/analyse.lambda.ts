import { runStep } from '../aws/step.ts';
import { analyseRun } from './analyse-run.ts';

export const handler = runStep({}, analyseRun);
