import { z } from 'zod';
import { leverSchema } from '../safety/lever.client.ts';
import { scenarioIds } from '../scenarios/scenario.ts';

/** What the API answers, for its clients. Times are epoch seconds. */
const scenario = z.enum(scenarioIds);
const inapplicable = z.array(z.object({ scenario, reason: z.string() }));

export const startedSchema = z.object({
  gameDayId: z.string(),
  runs: z.array(z.object({ runId: z.string(), scenario })).min(1),
  inapplicable,
});

export const dryRunSchema = z.object({
  target: z.string(),
  wouldTouch: z.array(
    z.object({
      scenario,
      touches: z.array(z.object({ kind: z.enum(['service', 'host']), id: z.string(), change: z.string() })),
    }),
  ),
  inapplicable,
  refusals: z.array(z.object({ error: z.string(), detail: z.string(), scenarios: z.array(scenario) })),
});
export type DryRunAnswer = z.infer<typeof dryRunSchema>;

/** Of a game-day its runs that were asked by this request; of a run who asked first, and why. */
export const stopAskedSchema = z.union([
  z.object({ gameDayId: z.string(), stopped: z.array(z.string()) }),
  z.object({ runId: z.string(), stopRequested: z.object({ reason: z.string(), by: z.string(), at: z.number() }) }),
]);
export type StopAsked = z.infer<typeof stopAskedSchema>;

export const leverStandSchema = z.object({
  pulled: z.boolean(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
  at: z.number().nullable(),
  history: z.array(leverSchema),
});
export type LeverStand = z.infer<typeof leverStandSchema>;
