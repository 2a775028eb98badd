import { doesNotApply } from '../faults/fault.ts';
import { bindFault } from '../faults/registry.ts';
import { scenarioById } from '../scenarios/registry.ts';
import type { ScenarioId } from '../scenarios/scenario.ts';
import type { Target } from '../target/target.ts';

export interface Inapplicable {
  scenario: ScenarioId;
  reason: string;
}

/** Those of the scenarios that are nothing for this target: what they would break there is not. */
export function inapplicable(target: Target, scenarios: readonly ScenarioId[]): Inapplicable[] {
  return scenarios.flatMap((scenario) => {
    const { fault } = scenarioById(scenario);
    const lack = fault && bindFault(fault).lacks(target);
    return lack ? [{ scenario, reason: doesNotApply(target, lack) }] : [];
  });
}
