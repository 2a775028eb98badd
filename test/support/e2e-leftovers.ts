import { ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import { eventually } from '../infra/local/probe.ts';
import { runOf } from './e2e-held-run.ts';
import { type DeployedApp, serviceOf } from './e2e-stack.ts';

const services = ['database', 'cache'] as const;
const clusters = ['faultline-load', 'faultline-slow-query'] as const;

/** Everything that a run which is over must not have left behind, one line each. Empty: it is as before. */
export async function leftovers(app: DeployedApp, runId: string, target = 'sample'): Promise<string[]> {
  const [run, leases, undoRecords, tasks, counts] = await Promise.all([
    runOf(app, runId),
    app.items('lease'),
    app.items('undo'),
    Promise.all(clusters.map((cluster) => tasksIn(app, cluster, runId))),
    Promise.all(services.map(async (name) => ({ name, ...(await app.counts(name, target)) }))),
  ]);
  return [
    ...(run && run.phase !== 'done' ? [`run in ${run.phase}`] : []),
    ...(run && (run.verdict === null || run.verdictReason === null) ? ['no verdict with a reason'] : []),
    ...leases.filter(({ data }) => data.runId === runId).map(({ sk }) => `lease of ${sk}`),
    ...undoRecords
      .filter(({ sk, data }) => sk === runId && data.status !== 'done')
      .map(({ data }) => `undo ${data.status}`),
    ...tasks.flat().map((arn) => `task ${arn}`),
    ...counts
      .filter(({ desired, running }) => desired !== 1 || running !== 1)
      .map(({ name, desired, running }) => `${serviceOf(name, target)} runs ${running} of ${desired}, not 1 of 1`),
  ];
}

async function tasksIn(app: DeployedApp, cluster: string, runId: string): Promise<string[]> {
  const { taskArns } = await new ECSClient(app.root).send(new ListTasksCommand({ cluster, startedBy: runId }));
  return taskArns ?? [];
}

/** Waits until a run is over and has left nothing. @throws with what is left */
export async function nothingLeft(app: DeployedApp, runId: string, seconds: number, target = 'sample'): Promise<void> {
  let left: string[] = [];
  await eventually(
    `nothing is left of ${runId}`,
    async () => {
      left = (await runOf(app, runId)) ? await leftovers(app, runId, target) : ['no record of it'];
      return left.length === 0;
    },
    seconds,
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${left.join('; ')}`);
  });
}
