import { DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import type { DeployedApp } from '../../support/e2e-stack.ts';
import type { CleanUpRuns } from './clean-up-runs.ts';

const cluster = 'faultline-load';
/** What the reaper says when it ends a task. */
const strayTask = 'no run takes care of it any more';

/** Whether it was the reaper who ended something of this run. */
export async function reaped(app: DeployedApp, cleanUps: CleanUpRuns, runId: string): Promise<boolean> {
  if ((await cleanUps.of(runId)).some(({ byReaper }) => byReaper)) return true;
  const { ecs } = app;
  const { taskArns = [] } = await ecs.send(
    new ListTasksCommand({ cluster, startedBy: runId, desiredStatus: 'STOPPED' }),
  );
  if (taskArns.length === 0) return false;
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  return tasks.some(({ stoppedReason }) => stoppedReason?.includes(strayTask));
}
