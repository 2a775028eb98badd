import { runStep } from '../aws/step.ts';
import { stopSampling } from '../hosts/sampling.ts';
import { stopLoad } from './load.ts';
import { runLoadTasks } from './run-load-tasks.ts';

export const handler = runStep({}, async (run) => {
  const [stopped] = await Promise.all([stopLoad(run, runLoadTasks(run)), stopSampling(run)]);
  return stopped;
});
