import { z } from 'zod';
import { profiles, scenarioIds } from '../scenarios/scenario.ts';
import { targetSchema } from '../target/target.ts';

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

/** Whether a run says something of the target: what was stopped, broke off or was vetoed does not. */
export const isConclusive = ({ verdict }: { verdict: Verdict }) => verdict === 'PASS' || verdict === 'FAIL';

/** Usable in execution names, S3 keys and database application names. */
export const runIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{2,63}$/);

/** One timed fact of a run. `detail` is small and JSON; times are epoch seconds with fraction. */
export const runEventSchema = z.object({
  at: z.number(),
  type: z.enum([
    'phase', // { phase } began
    'api-call', // { service, operation, parameters, requestId } a call really sent
    'undo-written', // { original } the undo record is in the table; nothing was changed yet
    'tools', // { [name]: version }
    'fault-landed', // { proof }
    'fault-gone', // { proof }
    'fault-not-proven', // { detail }
    'steady-state', // { reached: boolean, detail }
    'recovered', // { at }
    'stop', // { reason, by }
    'error', // { state, error, cause }
    'checklist', // { item, done, evidence }
    'host-sampling', // { host, problem } its own figures are missing, or end early
  ]),
  detail: z.record(z.string(), z.unknown()),
});
export type RunEvent = z.infer<typeof runEventSchema>;

/** A managed host of the target, by the id that every command to it names. */
export const runHostSchema = z.object({ instanceId: z.string(), name: z.string(), address: z.string() });
export type RunHost = z.infer<typeof runHostSchema>;

export const phaseSecondsSchema = z.object({
  baseline: z.int().min(5).max(3600),
  fault: z.int().min(5).max(3600),
  recoveryLimit: z.int().min(5).max(3600),
  after: z.int().min(5).max(3600),
});

/** What a run has otherwise than its scenario's file: how much and how long, never what is hit. */
export const overridesSchema = z.strictObject({
  /** The fault's; its own schema bounds them. */
  parameters: z.record(z.string().regex(/^[a-z][A-Za-z]{0,39}$/), z.union([z.number(), z.boolean()])).optional(),
  seconds: z.strictObject(phaseSecondsSchema.partial().shape).optional(),
  load: z
    .strictObject({ users: z.int().min(1).max(10_000), spawnRate: z.number().min(0.1).max(1000) })
    .partial()
    .optional(),
});
export type Overrides = z.infer<typeof overridesSchema>;

export const runSchema = z.object({
  runId: runIdSchema,
  gameDayId: z.string().nullable(),
  scenario: z.enum(scenarioIds),
  profile: z.enum(profiles),
  mode: z.enum(['local', 'aws']),
  targetId: z.string(),
  /** Its configuration when the run began: whatever becomes of it meanwhile, the run is ended as it was begun. */
  target: targetSchema,
  /** The hosts that its application ran on then. */
  hosts: z.array(runHostSchema).default([]),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
  phase: z.enum(phaseNames),
  /** When the present phase began and, where it is known, ends. Epoch seconds. */
  phaseStartedAt: z.number(),
  phaseEndsAt: z.number().nullable(),
  seconds: phaseSecondsSchema,
  load: z.object({ users: z.int(), spawnRate: z.number(), workers: z.int() }),
  overrides: overridesSchema.optional(),
  /** First reason wins. Its presence is the request to stop. */
  stopRequested: z.object({ reason: z.string(), by: z.string(), at: z.number() }).nullable(),
  verdict: z.enum(verdicts).nullable(),
  verdictReason: z.string().nullable(),
});
export type Run = z.infer<typeof runSchema>;

/** Seconds after which a run gives up waiting for what takes as long as it takes. */
export const waitLimits = {
  /** Tasks take minutes to start on Fargate. */
  startLoad: 300,
  /** Workers connect, then users spawn at their rate. */
  spawn: 180,
  /** The time-out of the Lambda that injects: past it nothing of it can be at work any more. */
  inject: 90,
  /** Services take minutes to stop and to start on Fargate. */
  proof: 300,
  /** A task's own stop time-out, then its deprovisioning. */
  stopLoad: 180,
  /** The time-outs of the Lambdas that read back, analyse and publish. */
  finish: 700,
} as const;

/** The time that a run is expected to take at most: its phases, its load's start and its clean-up. */
export const expectedSeconds = ({ baseline, fault, recoveryLimit, after }: Run['seconds']) =>
  baseline + fault + recoveryLimit + after + 120;

/** The longest that a run can take; past it whatever it started ends by itself. */
export function longestSeconds({ baseline, fault, recoveryLimit, after }: Run['seconds']): number {
  const { startLoad, spawn, proof, stopLoad, finish } = waitLimits;
  // Three proofs: landed, gone, and once more gone in the clean-up.
  return baseline + fault + recoveryLimit + after + startLoad + spawn + 3 * proof + stopLoad + finish;
}
