import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import type { Case } from './cases.ts';
import type { Definition } from './definition.ts';
import type { DeployedMachines } from './deployed-machines.ts';
import { expectedOfScenario } from './expected.ts';
import { hanging, stopped } from './hanging.ts';
import type { Failed } from './whats-left.ts';

/** A run with its id and its place. */
export interface Where {
  runId: string;
  target: string;
}

/** Starts a run in which this state fails, and ends it from outside where it does nothing but wait. */
export async function failScenario(
  machines: DeployedMachines,
  scenario: ScenarioId,
  failing: Case,
  where: Where,
): Promise<Failed> {
  const { app, standIns } = machines;
  const executionArn = await startScenario(machines, scenario, failing.mutated(standIns), where, failing.start.dryRun);
  if (failing.needsAbort) {
    await hanging(app, executionArn, standIns.nobody);
    await stopped(app, executionArn);
  }
  return { ...where, executionArn, expected: expectedOfScenario(failing) };
}

/** Returns the execution when it runs by this definition. */
export function startScenario(
  { app, scenarios }: DeployedMachines,
  scenario: ScenarioId,
  definition: Definition,
  { runId, target }: Where,
  dryRun = false,
): Promise<string> {
  const machine = scenarios.get(scenario)!;
  const input = { runId, target, scenario, profile: 'quick', ...(dryRun && { dryRun }) };
  return machine.startedWith(definition, async () => {
    const command = new StartExecutionCommand({
      stateMachineArn: machine.arn,
      name: runId,
      input: JSON.stringify(input),
    });
    return (await app.sfn.send(command)).executionArn!;
  });
}
