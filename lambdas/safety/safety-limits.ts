import { z } from 'zod';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day as HH:MM');

export const timeZone = z.string().max(60).refine(isTimeZone, 'an IANA time zone, such as Europe/Berlin');

export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** A part of the week in which no run may be, by the clocks of its zone; `to` before `from` means the next morning. */
export const excludedWindowSchema = z
  .strictObject({
    days: z
      .array(z.enum(weekdays))
      .min(1)
      .max(7)
      .default([...weekdays]),
    from: timeOfDay,
    to: timeOfDay,
    timeZone: timeZone.default('UTC'),
  })
  .refine(({ from, to }) => from !== to, 'from and to are the same: it is never or always');
export type ExcludedWindow = z.infer<typeof excludedWindowSchema>;

const over = { seconds: z.int().min(3).max(600) };

/** What ends a run before its time. Null: this does not. */
export const stopConditionsSchema = z.strictObject({
  /** Percent of all requests within the last `seconds`. */
  errorRate: z
    .strictObject({ percent: z.number().min(0.1).max(100), ...over })
    .nullable()
    .default(null),
  /** The p95 of every one of the last `seconds` seconds. */
  p95: z
    .strictObject({ ms: z.number().min(1).max(120_000), ...over })
    .nullable()
    .default(null),
  /** CloudWatch alarms by name: a run starts with none of them in ALARM, and stops as soon as one is. */
  alarms: z.array(z.string().min(1).max(255)).max(100).default([]),
  /** From the run's start. */
  maximumSeconds: z.int().min(30).max(7200).nullable().default(null),
});
export type StopConditions = z.infer<typeof stopConditionsSchema>;

/** What a target's owner allows Faultline to do to it. */
export const safetySchema = z.strictObject({
  /** How many of each a single run may hit. */
  blastRadius: z
    .strictObject({ services: z.int().min(1).max(10).default(1), hosts: z.int().min(1).max(50).default(1) })
    .prefault({}),
  excludedWindows: z.array(excludedWindowSchema).max(50).default([]),
  stopConditions: stopConditionsSchema.prefault({}),
  /** No run of a game-day without a backup that was made for it. */
  requireBackup: z.boolean().default(false),
});
export type SafetyLimits = z.infer<typeof safetySchema>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
