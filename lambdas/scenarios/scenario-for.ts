import type { Overrides } from '../runs/run.ts';
import type { Target } from '../target/target.ts';
import { withOverrides } from './overrides.ts';
import { scenarioById } from './registry.ts';
import { type Scenario, type ScenarioId, withRto } from './scenario.ts';

/**
 * The scenario as it is run on a target: with the target's own RTO, and what the run was asked to have otherwise.
 * @throws OverridesInvalid
 */
export const scenarioFor = (
  { rtoSeconds }: Pick<Target, 'rtoSeconds'>,
  id: ScenarioId,
  overrides?: Overrides,
): Scenario => withOverrides(withRto(scenarioById(id), rtoSeconds[id]), overrides);
