import { z } from 'zod';
import { runIdSchema } from '../runs/run.ts';
import { availableScenarios } from '../scenarios/registry.ts';
import { profiles, type ScenarioId, scenarioIds } from '../scenarios/scenario.ts';
import { targetIdSchema } from '../target/target.ts';

export const gameDayInput = z.strictObject({
  gameDayId: runIdSchema.max(40),
  target: targetIdSchema,
  scenarios: z
    .array(z.enum(availableScenarios.map((s) => s.id)))
    .min(1)
    .refine((ids) => new Set(ids).size === ids.length, 'each scenario once: a game-day has one run of each'),
  profile: z.enum(profiles),
});

export const gameDaySchema = gameDayInput.extend({
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
  input: z.infer<typeof gameDayInput>,
  now: number,
  inapplicable: GameDay['inapplicable'] = [],
): GameDay {
  const isRun = (id: ScenarioId) => !inapplicable.some(({ scenario }) => scenario === id);
  return {
    ...input,
    startedAt: now,
    endedAt: null,
    runs: input.scenarios.filter(isRun).map((scenario) => ({ runId: runIdOf(input.gameDayId, scenario), scenario })),
    inapplicable,
    stopRequested: null,
  };
}
