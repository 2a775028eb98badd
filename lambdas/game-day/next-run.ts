import { z } from 'zod';
import { isConclusive, type Run, runIdSchema } from '../runs/run.ts';
import type { Services } from '../runs/run-context.ts';
import type { GameDay } from './game-day.ts';

export const nextRunInput = z.strictObject({ gameDayId: runIdSchema, runId: runIdSchema });

/** A run that was ended from outside is cleaned up meanwhile; what takes longer refuses the next one by name. */
const waitSeconds = 60;

type NextRunServices = Pick<Services, 'gameDays' | 'runs' | 'leases' | 'clock'>;

/**
 * Whether the game-day goes on with this run: not after somebody has asked it to stop, or its own policy has, and when
 * its run before has given the target back and the pause after it is over. `wait`: not yet, ask again. What was taken
 * for a run that does not begin is free again.
 */
export async function nextRun(
  { gameDayId, runId }: z.infer<typeof nextRunInput>,
  services: NextRunServices,
): Promise<{ next: 'proceed' | 'stop' | 'wait' }> {
  const { gameDays, leases, clock } = services;
  const until = clock.now() + waitSeconds;
  for (;;) {
    const gameDay = await gameDays.get(gameDayId);
    if (gameDay.stopRequested) {
      await leases.release(runId);
      return { next: 'stop' };
    }
    const before = await runBefore(runId, gameDay, services);
    const why = before && failureOf(before, gameDay);
    if (why) {
      await gameDays.requestStop(gameDayId, { reason: why, by: 'Faultline', at: clock.now() });
      continue;
    }
    const coolUntil = before?.endedAt ? before.endedAt + gameDay.coolDownSeconds : 0;
    const isCool = clock.now() >= coolUntil;
    if (isCool && (clock.now() > until || !(await isTaken(gameDay, runId, services)))) return { next: 'proceed' };
    if (!isCool && clock.now() > until) return { next: 'wait' };
    await clock.sleep(1);
  }
}

/** The latest of the game-day's earlier runs that has a record. */
async function runBefore(runId: string, { runs }: GameDay, services: NextRunServices): Promise<Run | null> {
  const earlier = runs.slice(
    0,
    runs.findIndex((run) => run.runId === runId),
  );
  for (const run of earlier.reverse()) {
    const found = await services.runs.find(run.runId);
    if (found) return found;
  }
  return null;
}

/** Why the game-day's policy ends it after this run, or null. */
function failureOf({ scenario, verdict }: Run, { stopOnFailure }: GameDay): string | null {
  if (stopOnFailure === 'never' || verdict === null || verdict === 'PASS') return null;
  if (stopOnFailure === 'inconclusive' && isConclusive({ verdict })) return null;
  return `${scenario} came to ${verdict}, and its policy (stopOnFailure: ${stopOnFailure}) ends it then`;
}

async function isTaken({ runs }: GameDay, runId: string, { leases }: NextRunServices): Promise<boolean> {
  const others = new Set(runs.map((run) => run.runId).filter((id) => id !== runId));
  return (await leases.all()).some((lease) => others.has(lease.runId));
}
