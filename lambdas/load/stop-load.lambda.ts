import { runStep } from '../aws/step.ts';
import { stopLoad } from './load.ts';
import { runLoadTasks } from './run-load-tasks.ts';

export const handler = runStep({}, (run) => stopLoad(run, runLoadTasks(run)));
