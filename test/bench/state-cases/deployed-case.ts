import type { ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import { type Case, cases } from './cases.ts';
import type { Definition } from './definition.ts';
import type { DeployedMachines } from './deployed-machines.ts';
import { failCleanUp } from './fail-clean-up.ts';
import { failScenario, type Where } from './fail-scenario.ts';
import { unobserved } from './unobserved.ts';
import type { Failed } from './whats-left.ts';

/** A case of one of the deployed machines. */
export interface DeployedCase {
  /** `faultline-control: Release: error`. */
  id: string;
  machine: string;
  definition: Definition;
  failing: Case;
  /** Has the state fail. `failedArn` is the execution that it is in. */
  fail(machines: DeployedMachines, where: Where): Promise<Failed & { failedArn: string }>;
}

/** Whose cases have their observers: in every machine they are the same ones, and cost as much as all the rest. */
const observed: ScenarioId = 'cache-failure';

const isOfObservers = ({ path }: Case) => /^Experiment\[[12]\]/.test(path);
const withoutObservers = (whole: Case): Case => ({
  ...whole,
  mutated: (standIns) => unobserved(whole.mutated(standIns)),
});

/** Every state of the scenarios' machines and of the clean-up's, with each kind of failure. */
export function deployedCases({ scenarios, cleanUp }: DeployedMachines): DeployedCase[] {
  const ofScenarios = [...scenarios].map(([scenario, { name, definition }]) =>
    cases(definition).map((whole): DeployedCase => {
      const failing = scenario === observed || isOfObservers(whole) ? whole : withoutObservers(whole);
      return {
        ...identified(name, definition, failing),
        async fail(machines, where) {
          const failed = await failScenario(machines, scenario, failing, where);
          return { ...failed, failedArn: failed.executionArn };
        },
      };
    }),
  );
  const ofCleanUp = cases(cleanUp.definition).map((failing): DeployedCase => {
    return {
      ...identified(cleanUp.name, cleanUp.definition, failing),
      fail: (machines, where) => failCleanUp(machines, failing, where),
    };
  });
  return [...ofScenarios.flat(), ...ofCleanUp];
}

const identified = (machine: string, definition: Definition, failing: Case) => ({
  id: `${machine}: ${failing.id}`,
  machine,
  definition,
  failing,
});
