import { z } from 'zod';
import { runIdSchema } from '../runs/run.ts';
import type { Services } from '../runs/run-context.ts';

export const nextRunInput = z.strictObject({ gameDayId: runIdSchema, runId: runIdSchema });

/**
 * Whether the game-day goes on with this run: not after somebody has asked it to stop. What was taken for a run that
 * does not begin is free again.
 */
export async function nextRun(
  { gameDayId, runId }: z.infer<typeof nextRunInput>,
  { gameDays, leases }: Pick<Services, 'gameDays' | 'leases'>,
): Promise<{ proceed: boolean }> {
  const proceed = (await gameDays.get(gameDayId)).stopRequested === null;
  if (!proceed) await leases.release(runId);
  return { proceed };
}
