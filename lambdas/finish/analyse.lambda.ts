import { runStep } from '../aws/step.ts';
import { environment } from '../runs/environment.ts';
import { analyseRun } from './analyse-run.ts';

export const handler = runStep({}, (run) => analyseRun(run, environment('LOAD_COMMAND').LOAD_COMMAND));
