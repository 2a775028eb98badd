import { setTimeout as sleep } from 'node:timers/promises';
import { EvidenceClient } from '../../../lambdas/evidence/evidence.client.ts';
import { resultKey } from '../../../lambdas/finish/analyse-run.ts';
import { type ScenarioResult, scenarioResultSchema } from '../../../lambdas/report/report.schema.ts';
import type { Overrides } from '../../../lambdas/runs/run.ts';
import type { ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import type { DeployedApp } from '../../support/e2e-stack.ts';

const mostSeconds = 600;
const pollMs = 1000;

export interface Asked {
  target: string;
  scenario: ScenarioId;
  overrides: Overrides;
}

/**
 * A game-day of one run, from its start by the API to its end, and what the run came to.
 * @throws Error when it takes too long, or the run left no result
 */
export async function singleRun(
  app: DeployedApp,
  { target, scenario, overrides }: Asked,
  signal: AbortSignal,
): Promise<ScenarioResult> {
  const request = { target, scenarios: [scenario], profile: 'quick' as const, overrides: { [scenario]: overrides } };
  const { gameDayId, runs } = await app.operator.api.start(request);
  const until = Date.now() + mostSeconds * 1000;
  while ((await app.operator.status(gameDayId)).status === 'RUNNING') {
    if (Date.now() > until) throw new Error(`${gameDayId} takes longer than ${mostSeconds} s`);
    await sleep(pollMs, undefined, { signal });
  }
  const { runId } = runs[0]!;
  const evidence = new EvidenceClient(app.s3, app.deployment.BucketName);
  const text = await evidence.get(resultKey(runId));
  if (text === null) throw new Error(`${runId} left no result`);
  return scenarioResultSchema.parse(JSON.parse(text));
}
