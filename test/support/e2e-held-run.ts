import { DescribeStateMachineCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import type { Run } from '../../lambdas/runs/run.ts';
import type { ScenarioId } from '../../lambdas/scenarios/scenario.ts';
import { type Definition, stateNamed } from '../bench/state-cases/definition.ts';
import { shortened } from '../bench/state-cases/shortened.ts';
import { eventually } from '../infra/local/probe.ts';
import type { DeployedApp } from './e2e-stack.ts';

/** Time until the load has started and the fault has landed, on a busy machine. */
const mostSecondsToHold = 100;

/**
 * Has a scenario's machine come to its hold within seconds: every other watched phase takes one second, the hold is
 * as long as it is.
 */
export async function hurryToHold(app: DeployedApp, scenario: ScenarioId): Promise<void> {
  const { sfn } = app;
  const stateMachineArn = app.machineArn(`faultline-${scenario}`);
  const { definition } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const whole: Definition = JSON.parse(definition!);
  const quick = shortened(whole, [stateNamed(whole, 'Watch fault').path]);
  await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(quick) }));
}

/** Starts a run and waits until its fault is held. Returns its execution. */
export async function holdFault(
  app: DeployedApp,
  scenario: ScenarioId,
  runId: string,
  target = 'sample',
): Promise<string> {
  const execution = await app.startRun(scenario, runId, target);
  await eventually(
    `${runId} holds its fault`,
    async () => {
      const run = await runOf(app, runId);
      if (run?.verdict) throw new Error(`${runId} is over: ${run.verdict}, ${run.verdictReason}`);
      return run?.phase === 'fault';
    },
    mostSecondsToHold,
  );
  return execution;
}

export async function runOf(app: DeployedApp, runId: string): Promise<Run | undefined> {
  return (await app.items(`run#${runId}`, 'run'))[0]?.data as Run | undefined;
}
