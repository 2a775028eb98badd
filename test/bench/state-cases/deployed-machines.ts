import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import type { ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import type { DeployedApp } from '../../support/e2e-stack.ts';
import { CleanUpRuns } from './clean-up-runs.ts';
import type { StandIns } from './failing.ts';
import { MachineUnderTest } from './machine-under-test.ts';
import { makeStandIns } from './make-stand-ins.ts';

/** A deployed app whose states can be made to fail. */
export interface DeployedMachines {
  app: DeployedApp;
  standIns: StandIns;
  scenarios: ReadonlyMap<ScenarioId, MachineUnderTest>;
  cleanUp: MachineUnderTest;
  cleanUpRuns: CleanUpRuns;
}

export async function deployedMachines(app: DeployedApp): Promise<DeployedMachines> {
  const scenarios = new Map<ScenarioId, MachineUnderTest>();
  for (const { id } of availableScenarios) scenarios.set(id, await MachineUnderTest.of(app, `faultline-${id}`));
  const cleanUp = await MachineUnderTest.of(app, 'faultline-clean-up');
  const roles = [...scenarios.values(), cleanUp].map(({ role }) => role);
  const standIns = await makeStandIns(app, roles);
  return { app, standIns, scenarios, cleanUp, cleanUpRuns: new CleanUpRuns(app, cleanUp.arn) };
}
