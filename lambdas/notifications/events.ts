import { z } from 'zod';
import { dataClassSchema } from '../evidence/ledger.ts';
import { verdicts } from '../runs/run.ts';
import { profiles, scenarioIds } from '../scenarios/scenario.ts';
import { outcomes } from '../schedules/schedule.ts';
import { reportLinkSchema } from './report-link.ts';

/** Events on the account's default bus have it as their `source`. */
export const eventSource = 'faultline';

const version = z.literal(1);
const scenario = z.enum(scenarioIds);
const time = z.iso.datetime();
const seconds = z.number().nonnegative();
const whose = { gameDayId: z.string(), target: z.string(), profile: z.enum(profiles) };
const ofRun = {
  version,
  runId: z.string(),
  gameDayId: z.string().nullable().describe('null: the run was started by itself'),
  target: z.string(),
  scenario,
};
const report = reportLinkSchema.nullable().describe('Where it will be when the game-day has ended; null without one');

/**
 * What Faultline tells the account's event bus: `detail` by `detail-type`. Fields are only ever added to a version.
 * Durations are in seconds, times in UTC. An event may come twice.
 */
export const eventSchemas = {
  'Game-day started': z
    .object({
      version,
      ...whose,
      scenarios: z.array(scenario).describe('In the order in which they run'),
      startedBy: z.string().nullable(),
      startedAt: time,
      expectedEnd: time,
    })
    .describe('Before the first fault: the team is told, and the runs follow'),
  'Game-day ended': z
    .object({
      version,
      ...whose,
      startedAt: time,
      endedAt: time,
      stopped: z.object({ by: z.string(), reason: z.string() }).nullable(),
      runs: z
        .array(z.object({ scenario, runId: z.string(), verdict: z.enum(verdicts).nullable() }))
        .describe('verdict is null where a run left no result: it was refused or never begun, and the report says why'),
      report: reportLinkSchema,
    })
    .describe('The target is left alone again, and the report is written'),
  'Run ended': z
    .object({
      ...ofRun,
      verdict: z.enum(verdicts),
      reason: z.string().nullable(),
      rto: z
        .object({
          seconds: seconds.nullable().describe('null: not recovered when the limit came'),
          low: seconds,
          high: seconds.nullable(),
          targetSeconds: seconds.nullable(),
          met: z.boolean().nullable().describe('null: unknown, or there is no target'),
        })
        .nullable(),
      rpo: z.array(
        z.object({
          dataClass: dataClassSchema,
          lost: z.int().nonnegative().describe('Acknowledged writes that are not there any more'),
          seconds: seconds.nullable().describe('Age of the oldest of them at the fault; null: not measured'),
          targetSeconds: seconds,
          met: z.boolean().nullable(),
        }),
      ),
      score: z.number().nullable().describe('Of 10'),
      manifestSha256: z.string().describe("Of the manifest of the run's evidence"),
      report,
    })
    .describe("A run's verdict, once its evidence is complete"),
  'Target missed': z
    .object({
      ...ofRun,
      objective: z.enum(['RTO', 'RPO']),
      dataClass: dataClassSchema.nullable().describe('Of an RPO'),
      seconds: seconds.nullable().describe('null: it was longer than anybody waited'),
      targetSeconds: seconds,
      report,
    })
    .describe('One for each target of its RTO and RPO that a conclusive run (PASS or FAIL) has missed'),
  'Scheduled start not made': z
    .object({
      version,
      schedule: z.string(),
      scheduledTime: z.string(),
      target: z.string(),
      outcome: z.enum(outcomes),
      reason: z.string(),
    })
    .describe('A schedule was due, and its game-day was left out or refused'),
} as const;

export type EventType = keyof typeof eventSchemas;
export type FaultlineEvent = {
  [T in EventType]: { type: T; detail: z.infer<(typeof eventSchemas)[T]> };
}[EventType];

/** The details by their detail-type, as JSON Schema. */
export const eventsJsonSchema = () => ({
  title: 'Faultline events',
  description: `Details of the events with the source '${eventSource}', by their detail-type`,
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(eventSchemas).map(([type, schema]) => {
      const { $schema: _, ...own } = z.toJSONSchema(schema, { target: 'draft-2020-12' });
      return [type, own];
    }),
  ),
});
