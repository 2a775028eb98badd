import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '../../../lambdas/runs/run.ts';
import { runOf } from '../../support/e2e-held-run.ts';
import { cameToState } from './came-to-state.ts';
import type { DeployedCase } from './deployed-case.ts';
import type { DeployedMachines } from './deployed-machines.ts';
import type { Where } from './fail-scenario.ts';
import { historyOf } from './machine-under-test.ts';
import { reaped } from './reaped.ts';
import { type Failed, whatsLeft } from './whats-left.ts';

/** What became of one case. */
export interface Outcome {
  id: string;
  machine: string;
  /** What is left of the run, or was wrong with it, a line each. Empty: it ended as it has to. */
  left: string[];
  /** Null where the run has no record. */
  verdict: Verdict | null;
  /** From the start of the run until nothing was left of it. */
  seconds: number;
  /** It was the reaper who noticed. */
  reaped: boolean;
}

/** From the failure on: the lease of a run that nobody conducts runs out in 45 s, and the reaper looks once a minute. */
const mostSeconds = 150;
const lookEverySeconds = 1;

/** Has a state fail and waits until nothing is left of its run, or for too long. */
export async function outcomeOf(machines: DeployedMachines, deployed: DeployedCase, where: Where): Promise<Outcome> {
  const { id, machine } = deployed;
  const startedAt = Date.now();
  const { app, cleanUpRuns } = machines;
  const left = await leftOf(machines, deployed, where);
  return {
    id,
    machine,
    left,
    verdict: (await runOf(app, where.runId))?.verdict ?? null,
    seconds: (Date.now() - startedAt) / 1000,
    reaped: await reaped(app, cleanUpRuns, where.runId),
  };
}

async function leftOf(machines: DeployedMachines, deployed: DeployedCase, where: Where): Promise<string[]> {
  let failed: Failed & { failedArn: string };
  try {
    failed = await deployed.fail(machines, where);
  } catch (error) {
    return [`it could not be made to fail: ${(error as Error).message}`];
  }
  const left = await leftInTheEnd(machines, failed);
  return (await isAstray(machines, deployed, failed)) ? [...left, 'it did not come to its state'] : left;
}

async function leftInTheEnd(machines: DeployedMachines, failed: Failed): Promise<string[]> {
  const until = Date.now() + mostSeconds * 1000;
  for (;;) {
    const left = await whatsLeft(machines, failed);
    if (left.length === 0 || Date.now() > until) return left;
    await sleep(lookEverySeconds * 1000);
  }
}

async function isAstray(
  { app, standIns }: DeployedMachines,
  { definition, failing }: DeployedCase,
  { runId, failedArn }: Failed & { failedArn: string },
): Promise<boolean> {
  const items = await app.items(`run#${runId}`);
  const noted = items.filter(({ data }) => data.type === 'error').map(({ data }) => JSON.stringify(data.detail));
  return !cameToState(definition, failing, await historyOf(app, failedArn), noted, standIns.nobody);
}
