import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { resultKey } from '../../../lambdas/finish/analyse-run.ts';
import { runOf } from '../../support/e2e-held-run.ts';
import { leftovers } from '../../support/e2e-leftovers.ts';
import type { DeployedApp } from '../../support/e2e-stack.ts';
import type { CleanUpRuns } from './clean-up-runs.ts';
import type { DeployedMachines } from './deployed-machines.ts';
import type { Expected } from './expected.ts';
import { loadProcesses } from './load-stand-in.ts';
import { statusOf } from './machine-under-test.ts';

/** A run whose state was made to fail. */
export interface Failed {
  runId: string;
  target: string;
  /** The execution of the scenario's machine. */
  executionArn: string;
  expected: Expected;
}

/** What of a run is not as it has to be when everything is over: one line each. */
export async function whatsLeft(machines: DeployedMachines, failed: Failed): Promise<string[]> {
  const { app, cleanUpRuns, services } = machines;
  const running = await stillRunning(app, cleanUpRuns, failed);
  if (running.length > 0) return running;
  const { runId, target, expected } = failed;
  const left = [
    ...(await leftovers(app, runId, target)),
    ...loadProcesses((id) => id === runId).map((pid) => `load process ${pid}`),
    ...(await wrongRecord(app, runId, expected)),
  ];
  return left.length > 0 ? left : services.silent(target);
}

async function stillRunning(
  app: DeployedApp,
  cleanUps: CleanUpRuns,
  { runId, executionArn }: Failed,
): Promise<string[]> {
  const status = await statusOf(app, executionArn);
  if (status === 'RUNNING') return ['its execution runs'];
  const found = await cleanUps.of(runId);
  if (status !== 'SUCCEEDED' && found.length === 0) return [`its execution is ${status}, and nobody cleaned up`];
  return found.filter(({ isRunning }) => isRunning).map(() => 'a clean-up of it runs');
}

async function wrongRecord(app: DeployedApp, runId: string, { verdicts, result }: Expected): Promise<string[]> {
  const run = await runOf(app, runId);
  if (!run) return verdicts.length > 0 ? ['no record of it'] : [];
  const { verdict, verdictReason } = run;
  return [
    ...(verdict !== null && verdicts.includes(verdict)
      ? []
      : [`verdict ${verdict} (${verdictReason}), not ${verdicts.join(' or ') || 'none'}`]),
    ...(result && !(await hasResult(app, runId)) ? [`no ${resultKey(runId)}`] : []),
  ];
}

async function hasResult(app: DeployedApp, runId: string): Promise<boolean> {
  try {
    await app.s3.send(new HeadObjectCommand({ Bucket: app.deployment.BucketName, Key: resultKey(runId) }));
    return true;
  } catch (error) {
    if ((error as Error).name === 'NotFound') return false;
    throw error;
  }
}
