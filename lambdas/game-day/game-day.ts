import { z } from 'zod';
import { runIdSchema } from '../runs/run.ts';
import { profiles, scenarioIds } from '../scenarios/scenario.ts';

export const gameDayInput = z.strictObject({
  gameDayId: runIdSchema.max(40),
  scenarios: z.array(z.enum(scenarioIds)).min(1).max(scenarioIds.length),
  profile: z.enum(profiles),
});

export const gameDaySchema = gameDayInput.extend({
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  runs: z.array(z.object({ runId: runIdSchema, scenario: z.enum(scenarioIds) })),
  stopRequested: z.object({ reason: z.string(), by: z.string(), at: z.number() }).nullable(),
});
export type GameDay = z.infer<typeof gameDaySchema>;

/** The runs of a game-day, in order; the same game-day always has the same run ids. */
export function planGameDay(input: z.infer<typeof gameDayInput>, now: number): GameDay {
  return {
    ...input,
    startedAt: now,
    endedAt: null,
    runs: input.scenarios.map((scenario) => ({ runId: `${input.gameDayId}-${scenario}`, scenario })),
    stopRequested: null,
  };
}
