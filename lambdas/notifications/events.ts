import { z } from 'zod';
import { outcomes } from '../schedules/schedule.ts';

/** Events on the account's default bus have it as their `source`. */
export const eventSource = 'faultline';

/** What Faultline tells the account's event bus: `detail` by `detail-type`. Fields are only ever added to a version. */
export const eventSchemas = {
  'Scheduled start not made': z.object({
    version: z.literal(1),
    schedule: z.string(),
    scheduledTime: z.string(),
    target: z.string(),
    outcome: z.enum(outcomes),
    reason: z.string(),
  }),
} as const;

export type EventType = keyof typeof eventSchemas;
export type FaultlineEvent = {
  [T in EventType]: { type: T; detail: z.infer<(typeof eventSchemas)[T]> };
}[EventType];
