import { z } from 'zod';
import { overridesSchema } from '../runs/run.ts';
import { withOverrides } from '../scenarios/overrides.ts';
import { scenarioById } from '../scenarios/registry.ts';
import { profiles, scenarioIds } from '../scenarios/scenario.ts';
import { gameDayInput, type StartRequest } from './game-day.ts';
import dependencies from './suites/dependencies.json' with { type: 'json' };
import everything from './suites/everything.json' with { type: 'json' };
import weekly from './suites/weekly.json' with { type: 'json' };

const { coolDownSeconds, stopOnFailure } = gameDayInput.shape;

/** What a suite's file holds. Its name is the suite's id. */
const suiteFileSchema = z.strictObject({
  title: z.string().min(1).max(80),
  description: z.string().min(1).max(500),
  /** Where a start names none. */
  profile: z.enum(profiles).default('quick'),
  /** In the order in which they run. */
  runs: z
    .array(z.strictObject({ scenario: z.enum(scenarioIds), overrides: overridesSchema.optional() }))
    .min(1)
    .refine((runs) => new Set(runs.map((r) => r.scenario)).size === runs.length, 'each scenario once'),
  coolDownSeconds,
  stopOnFailure,
});

export interface Suite extends z.infer<typeof suiteFileSchema> {
  id: string;
}

export class SuiteNotFound extends Error {
  constructor(id: string) {
    super(`no suite '${id}'; there are: ${suites.map((suite) => suite.id).join(', ')}`);
    this.name = 'SuiteNotFound';
  }
}

/** A file and a line in `suites` are a suite. @throws when the file holds something else, before anything is deployed */
function suite(id: string, file: unknown): Suite {
  const parsed = suiteFileSchema.parse(file);
  for (const { scenario, overrides } of parsed.runs) withOverrides(scenarioById(scenario), overrides);
  return { id, ...parsed };
}

/** Every suite that can be started by its id, by hand or by a schedule. */
export const suites: readonly Suite[] = [
  suite('everything', everything),
  suite('dependencies', dependencies),
  suite('weekly', weekly),
];

/** @throws SuiteNotFound */
export function suiteById(id: string): Suite {
  const found = suites.find((s) => s.id === id);
  if (!found) throw new SuiteNotFound(id);
  return found;
}

/** What starting a suite starts. */
export function startOfSuite({ id, runs, ...suite }: Suite, target: string): StartRequest {
  return {
    target,
    suite: id,
    scenarios: runs.map(({ scenario }) => scenario),
    profile: suite.profile,
    coolDownSeconds: suite.coolDownSeconds,
    stopOnFailure: suite.stopOnFailure,
    overrides: Object.fromEntries(
      runs.flatMap(({ scenario, overrides }) => (overrides ? [[scenario, overrides]] : [])),
    ),
  };
}
