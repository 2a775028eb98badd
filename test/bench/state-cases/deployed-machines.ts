import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import type { ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import type { DeployedApp } from '../../support/e2e-stack.ts';
import { CleanUpRuns } from './clean-up-runs.ts';
import type { StandIns } from './failing.ts';
import { MachineUnderTest } from './machine-under-test.ts';
import { makeRole } from './make-lambda.ts';
import { makeStandIns } from './make-stand-ins.ts';
import { passedOver } from './passed-over.ts';
import { ServiceAsker } from './service-asker.ts';

/** A deployed app whose states can be made to fail. */
export interface DeployedMachines {
  app: DeployedApp;
  standIns: StandIns;
  scenarios: ReadonlyMap<ScenarioId, MachineUnderTest>;
  cleanUp: MachineUnderTest;
  cleanUpRuns: CleanUpRuns;
  services: ServiceAsker;
}

export async function deployedMachines(app: DeployedApp): Promise<DeployedMachines> {
  const scenarios = new Map<ScenarioId, MachineUnderTest>();
  for (const { id } of availableScenarios) scenarios.set(id, await MachineUnderTest.of(app, `faultline-${id}`));
  const cleanUp = await MachineUnderTest.of(app, 'faultline-clean-up');
  await cleanUp.becomes(passedOver(cleanUp.definition, []));
  const roles = [...scenarios.values(), cleanUp].map(({ role }) => role);
  const lambdaRole = await makeRole(app, 'stand-ins');
  const standIns = await makeStandIns(app, lambdaRole, roles);
  const services = await ServiceAsker.make(app, lambdaRole);
  return { app, standIns, scenarios, cleanUp, cleanUpRuns: new CleanUpRuns(app, cleanUp.arn), services };
}
