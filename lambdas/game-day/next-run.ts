import { z } from 'zod';
import { runIdSchema } from '../runs/run.ts';
import type { Services } from '../runs/run-context.ts';

export const nextRunInput = z.strictObject({ gameDayId: runIdSchema, runId: runIdSchema });

/** A run that was ended from outside is cleaned up meanwhile; what takes longer refuses the next one by name. */
const waitSeconds = 60;

/**
 * Whether the game-day goes on with this run: not after somebody has asked it to stop, and when its run before has
 * given the target back. What was taken for a run that does not begin is free again.
 */
export async function nextRun(
  { gameDayId, runId }: z.infer<typeof nextRunInput>,
  { gameDays, leases, clock }: Pick<Services, 'gameDays' | 'leases' | 'clock'>,
): Promise<{ proceed: boolean }> {
  const until = clock.now() + waitSeconds;
  for (;;) {
    const { stopRequested, runs } = await gameDays.get(gameDayId);
    if (stopRequested) {
      await leases.release(runId);
      return { proceed: false };
    }
    const others = new Set(runs.map((run) => run.runId).filter((id) => id !== runId));
    if (clock.now() > until || !(await leases.all()).some((lease) => others.has(lease.runId))) return { proceed: true };
    await clock.sleep(1);
  }
}
