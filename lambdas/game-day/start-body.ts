import type { z } from 'zod';
import type { Overrides } from '../runs/run.ts';
import { OverridesInvalid, withOverrides } from '../scenarios/overrides.ts';
import { availableScenarios, scenarioById } from '../scenarios/registry.ts';
import type { ScenarioId } from '../scenarios/scenario.ts';
import { gameDayInput, type StartRequest } from './game-day.ts';
import { startOfSuite, suiteById } from './suites.ts';

const { target, scenarios, profile, suite, coolDownSeconds, stopOnFailure, overrides } = gameDayInput.shape;

/** How a game-day is asked for: a suite by its id, or scenarios by theirs, or every available one. */
export const startBodyShape = {
  target,
  suite: suite.unwrap().unwrap().optional().meta({ description: 'A suite by its id, in place of `scenarios`' }),
  scenarios: scenarios
    .optional()
    .meta({ description: 'In the order in which they run; default: every available one', uniqueItems: true }),
  profile: profile.optional().meta({ description: "Default: the suite's, or quick" }),
  coolDownSeconds: coolDownSeconds.unwrap().optional().meta({ description: "From one run's end to the next start" }),
  stopOnFailure: stopOnFailure
    .unwrap()
    .optional()
    .meta({ description: 'Whether runs follow one that was inconclusive (ABORTED, INVALID, ERROR), or FAIL as well' }),
  overrides: overrides.unwrap().optional().meta({ description: "By scenario; they go before the suite's own" }),
};
export type StartBody = z.infer<z.ZodObject<typeof startBodyShape>>;

export const oneWayToName = ({ suite, scenarios }: Pick<StartBody, 'suite' | 'scenarios'>) => !(suite && scenarios);
export const oneWayToNameMessage = 'either a suite or scenarios';

/** @throws SuiteNotFound, OverridesInvalid */
export function startOf({ target, suite, scenarios, ...asked }: StartBody): StartRequest {
  const usual: StartRequest = suite
    ? startOfSuite(suiteById(suite), target)
    : { target, scenarios: scenarios ?? availableScenarios.map(({ id }) => id), profile: 'quick' };
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const request = { ...usual, ...given, overrides: merged(usual.overrides, asked.overrides) };
  for (const [id, overrides] of Object.entries(request.overrides) as [ScenarioId, Overrides][]) {
    if (!request.scenarios.includes(id)) throw new OverridesInvalid(id, 'it is not among the scenarios');
    withOverrides(scenarioById(id), overrides);
  }
  return request;
}

type ByScenario = Partial<Record<ScenarioId, Overrides>>;

function merged(usual: ByScenario = {}, asked: ByScenario = {}): ByScenario {
  const ids = [...new Set([...Object.keys(usual), ...Object.keys(asked)])] as ScenarioId[];
  return Object.fromEntries(
    ids.map((id) => {
      const [a, b] = [usual[id] ?? {}, asked[id] ?? {}];
      const parts = ['parameters', 'seconds', 'load'] as const;
      const both = parts.map((part) => [part, { ...a[part], ...b[part] }] as const);
      return [id, Object.fromEntries(both.filter(([, of]) => Object.keys(of).length > 0))];
    }),
  );
}
