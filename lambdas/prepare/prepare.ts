import { z } from 'zod';
import { bindFault } from '../faults/registry.ts';
import { longestSeconds, type Run, runIdSchema } from '../runs/run.ts';
import type { Services } from '../runs/run-context.ts';
import { RunExists } from '../runs/runs.client.ts';
import { scenarioById } from '../scenarios/registry.ts';
import { profiles, type Scenario, scenarioIds } from '../scenarios/scenario.ts';

export const prepareInput = z.strictObject({
  runId: runIdSchema,
  gameDayId: runIdSchema.nullish().transform((id) => id ?? null),
  scenario: z.enum(scenarioIds),
  profile: z.enum(profiles),
  dryRun: z.boolean().default(false),
});

export interface Prepared {
  runId: string;
  status: 'ready' | 'dry-run';
  touches: string[];
}

/**
 * Validates, takes the target and records the run. Called again for the same run it changes nothing.
 * @throws LeverPulled, TargetLeased, TargetInvalid, RunExists when the run has ended already
 */
export async function prepare(
  input: z.infer<typeof prepareInput>,
  shared: Services,
  setting: { mode: 'local' | 'aws'; workers: number },
): Promise<Prepared> {
  const { clock, safety } = shared;
  const scenario = scenarioById(input.scenario);
  const target = await shared.target();
  const touches = scenario.fault ? [bindFault(scenario.fault).describe(target)] : [];
  if (input.dryRun) return { runId: input.runId, status: 'dry-run', touches };

  await safety.assertLeverReleased();
  await safety.takeLease(target.id, input.runId, clock.now(), longestSeconds(scenario.seconds[input.profile]));
  try {
    await record(newRun(input, scenario, target.id, setting, clock.now()), shared);
  } catch (error) {
    // No state of the machine follows that would release it.
    await safety.releaseLease(target.id, input.runId);
    throw error;
  }
  return { runId: input.runId, status: 'ready', touches };
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

function newRun(
  input: z.infer<typeof prepareInput>,
  scenario: Scenario,
  targetId: string,
  setting: { mode: 'local' | 'aws'; workers: number },
  now: number,
): Run {
  return {
    runId: input.runId,
    gameDayId: input.gameDayId,
    scenario: scenario.id,
    profile: input.profile,
    mode: setting.mode,
    targetId,
    createdAt: now,
    endedAt: null,
    phase: 'prepare',
    phaseStartedAt: now,
    phaseEndsAt: null,
    seconds: scenario.seconds[input.profile],
    load: { ...scenario.load, workers: setting.workers },
    stopRequested: null,
    verdict: null,
    verdictReason: null,
  };
}
