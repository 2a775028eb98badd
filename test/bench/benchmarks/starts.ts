import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { ApiRefused } from '../../../lambdas/operator/signed-requests.client.ts';
import { eventually } from '../../infra/local/probe.ts';
import { leftovers } from '../../support/e2e-leftovers.ts';
import { DeployedApp } from '../../support/e2e-stack.ts';
import { defineBenchmark } from '../benchmark.ts';

const starts = 50;
const request = { target: 'sample', scenarios: ['control' as const], profile: 'quick' as const };

/** Many starts at the same moment: of the same target, and of the same request. */
export const simultaneousStarts = defineBenchmark({
  ids: {
    'exclusive-starts': {
      unit: 'runs',
      goal: { at: 'most', value: 1 },
      what: `of ${starts} simultaneous starts on one target, how many run; every other one is told who does`,
    },
    'idempotent-starts': {
      unit: 'run ids',
      goal: { at: 'most', value: 1 },
      what: `run ids that ${starts} simultaneous starts with the same idempotency key come to`,
    },
  },
  async run({ progress }) {
    const app = await DeployedApp.deploy();
    try {
      progress(`${starts} starts of one target`);
      const exclusive = await exclusiveStarts(app);
      progress(`${starts} starts with one key`);
      const idempotent = await idempotentStarts(app);
      return { 'exclusive-starts': exclusive, 'idempotent-starts': idempotent };
    } finally {
      await app.stack.stop();
    }
  },
});

async function exclusiveStarts(app: DeployedApp) {
  const before = await executions(app);
  const results = await Promise.allSettled(Array.from({ length: starts }, () => app.operator.api.start(request)));
  const started = results.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []));
  const refusals = results.flatMap((r) => (r.status === 'rejected' ? [r.reason as Error] : []));
  const winner = started[0]?.runs[0]?.runId;
  if (!winner) throw new Error(`none of ${starts} starts was accepted: ${refusals[0]?.message}`);
  const unclear = refusals.filter((e) => !(e instanceof ApiRefused && e.status === 409 && e.message.includes(winner)));
  if (unclear[0]) throw new Error(`${unclear.length} refusals do not name ${winner}: ${unclear[0].message}`);
  const ran = (await executions(app)) - before;
  await end(app, started[0]!.gameDayId, winner);
  return {
    value: Math.max(started.length, ran),
    detail: { starts, accepted: started.length, refused: refusals.length, ran },
  };
}

async function idempotentStarts(app: DeployedApp) {
  const before = await executions(app);
  const all = await Promise.all(Array.from({ length: starts }, () => app.operator.api.start(request, 'the-same-key')));
  const runIds = new Set(all.map(({ runs }) => runs[0]!.runId));
  const ran = (await executions(app)) - before;
  await end(app, all[0]!.gameDayId, all[0]!.runs[0]!.runId);
  return { value: Math.max(runIds.size, ran), detail: { starts, runIds: [...runIds], ran } };
}

/** How many game-days there are. */
async function executions(app: DeployedApp): Promise<number> {
  const stateMachineArn = app.deployment.GameDayMachineArn;
  const answer = await app.sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1000 }));
  return answer.executions?.length ?? 0;
}

/** The stop may come before the run has begun, and then there is no record of it. */
async function end(app: DeployedApp, gameDayId: string, runId: string): Promise<void> {
  await app.operator.api.stop(gameDayId, 'it was only to be started');
  await eventually(
    `${gameDayId} is over`,
    async () =>
      (await app.operator.status(gameDayId)).status !== 'RUNNING' && (await leftovers(app, runId)).length === 0,
    120,
  );
}
