import { z } from 'zod';
import { oneWayToName, oneWayToNameMessage, startBodyShape } from '../game-day/start-body.ts';
import { timeZone } from '../safety/safety-limits.ts';
import { expressionSchema } from './expression.ts';

export const scheduleNameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/);

/**
 * What becomes of a start while a game-day goes on with the target: `forbid` leaves it out, `queue` begins it when that
 * one is over.
 */
export const concurrencyPolicies = ['forbid', 'queue'] as const;

/** What came of a delivery. */
export const outcomes = ['started', 'queued', 'left-out', 'refused'] as const;

export const scheduleInput = z
  .strictObject({
    name: scheduleNameSchema,
    expression: expressionSchema,
    timeZone: timeZone.default('UTC').meta({ description: 'An IANA time zone', examples: ['Europe/Berlin'] }),
    concurrency: z.enum(concurrencyPolicies).default('forbid'),
    paused: z.boolean().default(false),
    ...startBodyShape,
  })
  .refine(oneWayToName, oneWayToNameMessage)
  .meta({
    examples: [
      {
        ...{ name: 'mondays', expression: 'cron(0 9 ? * MON *)', timeZone: 'Europe/Berlin' },
        ...{ target: 'sample', suite: 'weekly' },
      },
    ],
  });

/** A schedule as it is kept. Times are epoch seconds. */
export const scheduleSchema = z.object({
  ...scheduleInput.shape,
  createdBy: z.string(),
  createdAt: z.number(),
  /** The latest delivery, by its scheduled time. */
  last: z
    .object({
      scheduledTime: z.string(),
      at: z.number(),
      outcome: z.enum(outcomes),
      gameDayId: z.string().nullable(),
      /** Why it was not started; null where it was. */
      reason: z.string().nullable(),
    })
    .nullable(),
});
export type Schedule = z.infer<typeof scheduleSchema>;
export type Delivered = NonNullable<Schedule['last']>;

export class ScheduleNotFound extends Error {
  constructor(name: string) {
    super(`no schedule '${name}'`);
    this.name = 'ScheduleNotFound';
  }
}

export class ScheduleExists extends Error {
  constructor(name: string) {
    super(`schedule '${name}' exists already`);
    this.name = 'ScheduleExists';
  }
}

/** EventBridge Scheduler does not take it. */
export class ScheduleRefused extends Error {
  constructor(why: string) {
    super(`EventBridge Scheduler does not take it: ${why}`);
    this.name = 'ScheduleRefused';
  }
}
