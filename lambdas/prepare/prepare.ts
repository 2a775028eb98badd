import { z } from 'zod';
import type { FaultIo, Touch } from '../faults/fault.ts';
import { type Overrides, type Run, type RunHost, runIdSchema } from '../runs/run.ts';
import type { Services } from '../runs/run-context.ts';
import { RunExists } from '../runs/runs.client.ts';
import { isOver } from '../safety/is-over.ts';
import { hostsOf, leasedResources } from '../safety/leased-resources.ts';
import { profiles, type Scenario, scenarioIds } from '../scenarios/scenario.ts';
import { scenarioFor } from '../scenarios/scenario-for.ts';
import { type Target, targetIdSchema } from '../target/target.ts';
import { preflight } from './preflight.ts';

export const prepareInput = z.strictObject({
  runId: runIdSchema,
  gameDayId: runIdSchema.nullish().transform((id) => id ?? null),
  target: targetIdSchema,
  scenario: z.enum(scenarioIds),
  profile: z.enum(profiles),
  dryRun: z.boolean().default(false),
});

export interface Prepared {
  runId: string;
  status: 'ready' | 'dry-run';
  touches: Touch[];
  /** Of a dry run: what would keep the run from starting. */
  refusals: string[];
}

/**
 * Validates, takes the target and records the run. Called again for the same run it changes nothing.
 * @param ioOf what a fault on this target works with; nothing in here changes anything through it
 * @throws LeverPulled, TimeExcluded, AlarmActive, BlastRadiusExceeded, FaultRefused, TargetLeased, TargetNotRestored,
 *   TargetInvalid, OverridesInvalid, RunExists when the run has ended already
 */
export async function prepare(
  input: z.infer<typeof prepareInput>,
  shared: Services,
  setting: { mode: 'local' | 'aws'; workers: number },
  ioOf: (target: Target) => FaultIo,
): Promise<Prepared> {
  const { clock, leases } = shared;
  const { runId } = input;
  const overrides = await overridesOf(input, shared);
  const target = await shared.target(input.target);
  const scenario = scenarioFor(target, input.scenario, overrides);
  const io = ioOf(target);
  const { touches, refusals } = await preflight({ scenario, profile: input.profile, io }, shared);
  if (input.dryRun) return { runId, status: 'dry-run', touches, refusals: refusals.map(({ message }) => message) };
  if (refusals[0]) throw refusals[0];

  const hosts = await hostsOf(io);
  await leases.take(leasedResources(target, hosts), runId, isOver(shared));
  try {
    await record(newRun({ ...input, overrides }, scenario, { target, hosts }, setting, clock.now()), shared);
  } catch (error) {
    // No state of the machine follows that would release it.
    await leases.release(runId);
    throw error;
  }
  return { runId, status: 'ready', touches, refusals: [] };
}

async function record(run: Run, { runs, gameDays }: Services): Promise<void> {
  try {
    await runs.create(run);
  } catch (error) {
    if (!(error instanceof RunExists)) throw error;
    if ((await runs.get(run.runId)).phase === 'done') throw error;
  }
  if (run.gameDayId === null) return;
  // A stop that came before the record could not ask this run; one that comes after it will.
  const { stopRequested } = await gameDays.get(run.gameDayId);
  if (stopRequested) await runs.requestStop(run.runId, stopRequested);
}

/** They are the game-day's: its record has them before its machine starts. */
async function overridesOf(
  { gameDayId, scenario }: z.infer<typeof prepareInput>,
  { gameDays }: Pick<Services, 'gameDays'>,
): Promise<Overrides> {
  const gameDay = gameDayId === null ? null : await gameDays.find(gameDayId);
  return gameDay?.overrides[scenario] ?? {};
}

function newRun(
  input: z.infer<typeof prepareInput> & { overrides: Overrides },
  scenario: Scenario,
  { target, hosts }: { target: Target; hosts: RunHost[] },
  setting: { mode: 'local' | 'aws'; workers: number },
  now: number,
): Run {
  return {
    runId: input.runId,
    gameDayId: input.gameDayId,
    scenario: scenario.id,
    profile: input.profile,
    mode: setting.mode,
    targetId: target.id,
    target,
    hosts,
    createdAt: now,
    endedAt: null,
    phase: 'prepare',
    phaseStartedAt: now,
    phaseEndsAt: null,
    seconds: scenario.seconds[input.profile],
    load: { ...scenario.load, workers: setting.workers },
    overrides: input.overrides,
    stopRequested: null,
    verdict: null,
    verdictReason: null,
  };
}
