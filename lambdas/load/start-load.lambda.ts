import { runStep } from '../aws/step.ts';
import { startLoad } from './load.ts';
import { runLoadTasks } from './run-load-tasks.ts';

export const handler = runStep({}, (run) => startLoad(run, runLoadTasks(run)));
