import { z } from 'zod';
import { profiles, scenarioIds } from '../scenarios/scenario.ts';

export const phaseNames = [
  'prepare',
  'load',
  'baseline',
  'inject',
  'fault',
  'revert',
  'recovery',
  'after',
  'verify',
  'analyse',
  'done',
] as const;
export type PhaseName = (typeof phaseNames)[number];

export const verdicts = ['PASS', 'FAIL', 'ABORTED', 'INVALID', 'ERROR'] as const;
export type Verdict = (typeof verdicts)[number];

/** `mmdd-hhmmss-xxxx` time-sortable, usable in execution names, S3 keys and database application names. */
export const runIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{2,63}$/);

/** One timed fact of a run. `detail` is small and JSON; times are epoch seconds with fraction. */
export const runEventSchema = z.object({
  at: z.number(),
  type: z.enum([
    'phase', // { phase } began
    'api-call', // { service, operation, parameters, requestId } a call really sent
    'fault-landed', // { proof }
    'fault-gone', // { proof }
    'fault-not-proven', // { detail }
    'steady-state', // { reached: boolean, detail }
    'recovered', // { at }
    'stop', // { reason, by }
    'error', // { state, error, cause }
    'checklist', // { item, done, evidence }
  ]),
  detail: z.record(z.string(), z.unknown()),
});
export type RunEvent = z.infer<typeof runEventSchema>;

export const phaseSecondsSchema = z.object({
  baseline: z.int().min(5).max(3600),
  fault: z.int().min(5).max(3600),
  recoveryLimit: z.int().min(5).max(3600),
  after: z.int().min(5).max(3600),
});

export const runSchema = z.object({
  runId: runIdSchema,
  gameDayId: z.string().nullable(),
  scenario: z.enum(scenarioIds),
  profile: z.enum(profiles),
  mode: z.enum(['local', 'aws']),
  targetId: z.string(),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
  phase: z.enum(phaseNames),
  /** When the present phase began and, where it is known, ends. Epoch seconds. */
  phaseStartedAt: z.number(),
  phaseEndsAt: z.number().nullable(),
  seconds: phaseSecondsSchema,
  load: z.object({ users: z.int(), spawnRate: z.number(), workers: z.int() }),
  /** First reason wins. Its presence is the request to stop. */
  stopRequested: z.object({ reason: z.string(), by: z.string(), at: z.number() }).nullable(),
  verdict: z.enum(verdicts).nullable(),
  verdictReason: z.string().nullable(),
});
export type Run = z.infer<typeof runSchema>;

/** Seconds that starting the load, proofs, verification and clean-up may add to a run's phases, at the very most. */
const marginSeconds = 900;

/** The longest that a run can take; past it its lease has expired and whatever it started ends by itself. */
export function longestSeconds({ baseline, fault, recoveryLimit, after }: Run['seconds']): number {
  return baseline + fault + recoveryLimit + after + marginSeconds;
}
