import { ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { systemClock } from '../../lambdas/aws/clock.ts';
import { readStatus } from '../../lambdas/hosts/host-status.ts';
import { Hosts } from '../../lambdas/hosts/hosts.client.ts';
import { samplerDocument } from '../../lambdas/hosts/sampling.ts';
import type { Run, RunHost } from '../../lambdas/runs/run.ts';
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
  const left = [
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
  // A host takes long to answer: it is asked when there is nothing else.
  if (left.length > 0 || !run) return left;
  return (await Promise.all(run.hosts.map((host) => leftOn(app, host, run)))).flat();
}

/** Of the run's fault and of its sampler, by the host's own account. */
async function leftOn(app: DeployedApp, { instanceId, name }: RunHost, { runId, target }: Run): Promise<string[]> {
  const hosts = new Hosts(new SSMClient(app.root), systemClock);
  const [{ faults }, samplers] = await Promise.all([
    readStatus(hosts, instanceId, { runId, process: target.hosts!.process }),
    hosts.living(samplerDocument),
  ]);
  return [
    ...faults.filter((f) => f.runId === runId && f.state === 'active').map(({ fault }) => `${fault} on host ${name}`),
    ...samplers.filter((sampler) => sampler.runId === runId).map(() => `a sampler on host ${name}`),
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
