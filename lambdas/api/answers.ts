import { z } from 'zod';
import { windowSummarySchema } from '../evidence/window.ts';
import { gameDaySchema, stopOnFailurePolicies, suiteIdSchema } from '../game-day/game-day.ts';
import { overridesSchema, runSchema } from '../runs/run.ts';
import { leverMoveSchema, leverSchema } from '../safety/lever.client.ts';
import { profiles, scenarioIds } from '../scenarios/scenario.ts';
import { scheduleSchema } from '../schedules/schedule.ts';
import { targetIdSchema, targetSchema } from '../target/target.ts';

/** What the API answers, for its clients. Times are epoch seconds. */
const scenario = z.enum(scenarioIds);
const inapplicable = z
  .array(z.object({ scenario, reason: z.string() }))
  .meta({ description: 'Scenarios that are not run, for the target has nothing that they could break' });

/** A part of a list: `next` begins the next part, and is null in the last one. */
const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable().meta({ description: 'For `?next=`; null: no more' }) });

export const startedSchema = z
  .object({ gameDayId: z.string(), runs: z.array(z.object({ runId: z.string(), scenario })).min(1), inapplicable })
  .meta({ id: 'Started' });

export const runStartedSchema = z
  .object({ runId: z.string(), gameDayId: z.string(), scenario })
  .meta({ id: 'RunStarted' });

export const dryRunSchema = z
  .object({
    target: z.string(),
    wouldTouch: z.array(
      z.object({
        scenario,
        touches: z.array(z.object({ kind: z.enum(['service', 'host']), id: z.string(), change: z.string() })),
      }),
    ),
    inapplicable,
    refusals: z.array(z.object({ error: z.string(), detail: z.string(), scenarios: z.array(scenario) })),
  })
  .meta({ id: 'DryRun', description: 'What a start would touch, and what would refuse it' });
export type DryRunAnswer = z.infer<typeof dryRunSchema>;

/** Of a game-day its runs that were asked by this request. */
export const gameDayStopSchema = z
  .object({ gameDayId: z.string(), stopped: z.array(z.string()) })
  .meta({ id: 'GameDayStop' });
/** Of a run who asked first, and why. */
export const runStopSchema = z
  .object({ runId: z.string(), stopRequested: z.object({ reason: z.string(), by: z.string(), at: z.number() }) })
  .meta({ id: 'RunStop' });
export const stopAskedSchema = z.union([gameDayStopSchema, runStopSchema]);
export type StopAsked = z.infer<typeof stopAskedSchema>;

export const leverStandSchema = z
  .object({
    pulled: z.boolean(),
    by: z.string().nullable(),
    reason: z.string().nullable(),
    at: z.number().nullable(),
    history: z.array(leverSchema),
  })
  .meta({ id: 'SafetyLever' });
export type LeverStand = z.infer<typeof leverStandSchema>;
export const leverMovedSchema = leverMoveSchema.meta({ id: 'SafetyLeverMove' });

const parameterSchema = z.object({
  name: z.string(),
  type: z.enum(['integer', 'number', 'boolean', 'string']),
  default: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  /** Where only some values are allowed. */
  values: z.array(z.string()).optional(),
  overridable: z.boolean().meta({ description: 'Whether a start may give another value' }),
});
export type FaultParameter = z.infer<typeof parameterSchema>;

const boundsSchema = z.object({ minimum: z.number(), maximum: z.number() });
const phaseSeconds = z.object({
  baseline: z.number(),
  fault: z.number(),
  recoveryLimit: z.number(),
  after: z.number(),
});

export const scenarioSchema = z
  .object({
    id: scenario,
    title: z.string(),
    hypothesis: z.string(),
    trigger: z.string(),
    recovery: z.string(),
    status: z.enum(['available', 'planned']),
    fault: z
      .object({ id: z.string(), parameters: z.array(parameterSchema) })
      .nullable()
      .meta({ description: 'null: none is injected' }),
    load: z.object({ users: z.number(), spawnRate: z.number() }),
    seconds: z.object({ quick: phaseSeconds, full: phaseSeconds }),
    bounds: z.object({ seconds: boundsSchema, users: boundsSchema, spawnRate: boundsSchema }),
    metrics: z.array(z.object({ id: z.string(), label: z.string() })),
    behaviours: z.array(z.object({ id: z.string(), label: z.string(), expected: z.string(), required: z.boolean() })),
    targets: z.object({ rtoSeconds: z.number().nullable() }),
  })
  .meta({ id: 'Scenario' });
export type ScenarioAnswer = z.infer<typeof scenarioSchema>;
export const scenariosSchema = z.object({ items: z.array(scenarioSchema) });

export const suiteSchema = z
  .object({
    id: suiteIdSchema,
    title: z.string(),
    description: z.string(),
    profile: z.enum(profiles),
    runs: z.array(z.object({ scenario, overrides: overridesSchema.optional() })),
    coolDownSeconds: z.number(),
    stopOnFailure: z.enum(stopOnFailurePolicies),
  })
  .meta({ id: 'Suite' });
export const suitesSchema = z.object({ items: z.array(suiteSchema) });

export const runAnswerSchema = runSchema.meta({ id: 'Run' });
export const runsSchema = pageOf(runAnswerSchema);
export const liveRunSchema = z
  .object({ ...runSchema.shape, windows: z.array(windowSummarySchema) })
  .meta({ id: 'LiveRun', description: 'A run, and its latest seconds of load' });
export type LiveRun = z.infer<typeof liveRunSchema>;

export const evidenceSchema = pageOf(
  z.object({
    path: z.string(),
    bytes: z.int(),
    url: z.url().meta({ description: 'A link for a few minutes; whoever has it can read the file' }),
  }),
);

export const gameDayAnswerSchema = gameDaySchema.meta({ id: 'GameDay' });
export const gameDaysSchema = pageOf(gameDayAnswerSchema);

export const scheduleAnswerSchema = scheduleSchema.meta({ id: 'Schedule' });
export const schedulesSchema = pageOf(scheduleAnswerSchema);

export const targetAnswerSchema = targetSchema.meta({ id: 'Target' });
export const targetsSchema = z.object({
  items: z.array(
    z.object({
      id: targetIdSchema,
      valid: z.boolean(),
      problem: z.string().nullable(),
      endpoint: z.string().nullable(),
      has: z.array(z.enum(['database', 'cache', 'hosts'])),
    }),
  ),
});

export const validatedSchema = z
  .object({
    valid: z.boolean(),
    problems: z.array(z.object({ path: z.string(), message: z.string() })),
    inapplicable,
  })
  .meta({ id: 'TargetValidation' });

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().meta({ description: "The request's id, under which the log has more" }),
    holder: z.string().optional().meta({ description: 'The run that has the target' }),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457)' });
