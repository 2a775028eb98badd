import { ListTasksCommand } from '@aws-sdk/client-ecs';
import type { RunHost } from '../../lambdas/runs/run.ts';
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
    app.items('undo', runId),
    Promise.all(clusters.map((cluster) => tasksIn(app, cluster, runId))),
    Promise.all(services.map(async (name) => ({ name, ...(await app.counts(name, target)) }))),
  ]);
  const left = [
    ...(run && run.phase !== 'done' ? [`run in ${run.phase}`] : []),
    ...(run && (run.verdict === null || run.verdictReason === null) ? ['no verdict with a reason'] : []),
    ...leases.filter(({ data }) => data.runId === runId).map(({ sk }) => `lease of ${sk}`),
    ...undoRecords.filter(({ data }) => data.status !== 'done').map(({ data }) => `undo ${data.status}`),
    ...tasks.flat().map((arn) => `task ${arn}`),
    ...counts
      .filter(({ desired, running }) => desired !== 1 || running !== 1)
      .map(({ name, desired, running }) => `${serviceOf(name, target)} runs ${running} of ${desired}, not 1 of 1`),
  ];
  // A host takes long to answer: it is asked when there is nothing else.
  if (left.length > 0 || !run) return left;
  return (await Promise.all(run.hosts.map((host) => leftOn(app, host, runId)))).flat();
}

/** Of the run's fault and of its sampler, as one sees it who looks around on the host. */
async function leftOn(app: DeployedApp, { instanceId, name }: RunHost, runId: string): Promise<string[]> {
  const host = (await app.stack.hosts()).find((one) => one.instanceId === instanceId && one.online);
  if (!host) return [`host ${name} is not there`];
  const { code, stdout, stderr } = await host.run(lookAround(runId));
  if (code !== 0) throw new Error(`nobody could look around on host ${name}: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${line} on host ${name}`);
}

/** Without a process for each question: a host in a fault has few to spare. */
const lookAround = (runId: string): string => `
  shopt -s nullglob
  for process in /proc/[0-9]*; do
    if read -r name 2>/dev/null <"$process/comm" && [[ $name == stress-ng* ]]; then echo "$name"; fi
  done
  qdiscs=$(tc qdisc show) || exit 1
  if [[ $qdiscs == *netem* ]]; then echo "a delay"; fi
  for folder in /run/faultline/${runId}/*/; do
    if [[ -e $folder/deadline && ! -e $folder/reverted ]]; then echo "a fault that is not reverted: $folder"; fi
  done
  if read -r pid _ 2>/dev/null </run/faultline/${runId}/sampler/process && [[ -d /proc/$pid ]]; then echo "a sampler"; fi`;

async function tasksIn(app: DeployedApp, cluster: string, runId: string): Promise<string[]> {
  const { taskArns } = await app.ecs.send(new ListTasksCommand({ cluster, startedBy: runId }));
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
