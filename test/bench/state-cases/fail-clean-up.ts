import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import { eventually } from '../../infra/local/probe.ts';
import type { Case } from './cases.ts';
import { stateNamed } from './definition.ts';
import type { DeployedMachines } from './deployed-machines.ts';
import { expectedOfCleanUp } from './expected.ts';
import { startScenario, type Where } from './fail-scenario.ts';
import { failing } from './failing.ts';
import { hanging, stopped } from './hanging.ts';
import { inSeconds } from './in-seconds.ts';
import { onlyFor } from './only-for.ts';
import type { Failed } from './whats-left.ts';

/** What is cleaned up after: a run that has a fault in place. */
const scenario = 'cache-failure' satisfies ScenarioId;
const noticedWithinSeconds = 30;
const lookEveryMs = 500;

/** Ends a run from outside while its fault is there, and has this state of its clean-up fail, whose execution is `failedArn`. */
export async function failCleanUp(
  machines: DeployedMachines,
  failingState: Case,
  where: Where,
): Promise<Failed & { failedArn: string }> {
  const { app, standIns, cleanUp } = machines;
  const { endedRun } = failingState.start;
  const executionArn = endedRun ? await ended(machines, where) : await held(machines, where);
  const definition = onlyFor(where.runId, failingState.mutated(standIns), cleanUp.usual);
  const cleanUpArn = await cleanUp.startedWith(definition, async () => {
    if (endedRun) return startCleanUp(machines, where);
    await stopped(app, executionArn);
    return noticed(machines, where);
  });
  if (failingState.needsAbort) {
    await hanging(app, cleanUpArn, standIns.nobody);
    await stopped(app, cleanUpArn);
  }
  return { ...where, executionArn, failedArn: cleanUpArn, expected: expectedOfCleanUp(failingState) };
}

async function held(machines: DeployedMachines, where: Where): Promise<string> {
  const { app, standIns, scenarios } = machines;
  const { definition } = scenarios.get(scenario)!;
  const { path } = stateNamed(definition, 'Watch fault: what next?');
  const holding = inSeconds(failing(definition, path, 'time-out', standIns));
  const executionArn = await startScenario(machines, scenario, holding, where);
  await hanging(app, executionArn, standIns.nobody);
  return executionArn;
}

async function ended(machines: DeployedMachines, where: Where): Promise<string> {
  const { app, scenarios } = machines;
  const whole = inSeconds(scenarios.get(scenario)!.definition);
  const executionArn = await startScenario(machines, scenario, whole, where);
  await app.executionEnd(executionArn);
  return executionArn;
}

/** As one who did not know that the run has ended. */
async function startCleanUp({ app, cleanUp }: DeployedMachines, { runId }: Where): Promise<string> {
  const input = JSON.stringify({ runId, status: 'ABORTED' });
  const command = new StartExecutionCommand({ stateMachineArn: cleanUp.arn, input });
  return (await app.sfn.send(command)).executionArn!;
}

function noticed({ cleanUpRuns }: DeployedMachines, { runId }: Where): Promise<string> {
  return eventually(
    `a clean-up of ${runId} begins`,
    async () => (await cleanUpRuns.of(runId))[0]?.executionArn,
    noticedWithinSeconds,
    lookEveryMs,
  );
}
