import { z } from 'zod';
import { overridesSchema, runIdSchema } from '../runs/run.ts';
import { availableScenarios } from '../scenarios/registry.ts';
import { profiles, type ScenarioId, scenarioIds } from '../scenarios/scenario.ts';
import { targetIdSchema } from '../target/target.ts';

/** Whether runs follow one that did not pass: always, unless it says nothing of the target, or never. */
export const stopOnFailurePolicies = ['never', 'inconclusive', 'fail'] as const;

export const suiteIdSchema = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/);

export const gameDayInput = z.strictObject({
  gameDayId: runIdSchema.max(40),
  target: targetIdSchema,
  scenarios: z
    .array(z.enum(availableScenarios.map((s) => s.id)))
    .min(1)
    .refine((ids) => new Set(ids).size === ids.length, 'each scenario once: a game-day has one run of each'),
  profile: z.enum(profiles),
  /** The suite that it is of; null where its scenarios were named one by one. */
  suite: suiteIdSchema.nullable().default(null),
  /** From one run's end to the next one's start. */
  coolDownSeconds: z.int().min(0).max(3600).default(0),
  stopOnFailure: z.enum(stopOnFailurePolicies).default('never'),
  overrides: z.partialRecord(z.enum(scenarioIds), overridesSchema).default({}),
});
export type GameDayInput = z.infer<typeof gameDayInput>;

/** Left out is what a game-day of scenarios by name has: no suite, no pause, no overrides. */
export type StartRequest = Omit<z.input<typeof gameDayInput>, 'gameDayId'>;

export const gameDaySchema = gameDayInput.extend({
  /** Whose request it was: an IAM identity, or a schedule; null where it is not known. */
  startedBy: z.string().nullable().default(null),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  runs: z.array(z.object({ runId: runIdSchema, scenario: z.enum(scenarioIds) })),
  /** Of the scenarios those that have no run, for the target has nothing that they could break. */
  inapplicable: z.array(z.object({ scenario: z.enum(scenarioIds), reason: z.string() })).default([]),
  stopRequested: z.object({ reason: z.string(), by: z.string(), at: z.number() }).nullable(),
});
export type GameDay = z.infer<typeof gameDaySchema>;

export class GameDayOver extends Error {
  constructor(gameDayId: string) {
    super(`game-day '${gameDayId}' is over`);
    this.name = 'GameDayOver';
  }
}

/** A game-day has one run of each scenario. */
export const runIdOf = (gameDayId: string, scenario: ScenarioId) => `${gameDayId}-${scenario}`;

/** The runs of a game-day, in order; the same game-day always has the same run ids. */
export function planGameDay(
  input: z.input<typeof gameDayInput>,
  now: number,
  inapplicable: GameDay['inapplicable'] = [],
): GameDay {
  const isRun = (id: ScenarioId) => !inapplicable.some(({ scenario }) => scenario === id);
  return {
    ...z.object(gameDayInput.shape).parse(input),
    startedBy: null,
    startedAt: now,
    endedAt: null,
    runs: input.scenarios.filter(isRun).map((scenario) => ({ runId: runIdOf(input.gameDayId, scenario), scenario })),
    inapplicable,
    stopRequested: null,
  };
}
