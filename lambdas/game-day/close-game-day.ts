import { z } from 'zod';
import { runIdSchema } from '../runs/run.ts';
import type { Services } from '../runs/run-context.ts';
import { stopGameDay } from '../safety/stop-game-day.ts';

/** How the execution of a game-day ended without writing its report. */
export const closeInput = z.strictObject({
  gameDayId: runIdSchema,
  status: z.enum(['ABORTED', 'TIMED_OUT', 'FAILED']),
});

const reasons = {
  ABORTED: 'its execution was stopped from outside',
  TIMED_OUT: 'its execution took too long',
  FAILED: 'its execution failed',
} as const;

/**
 * Ends a game-day whose own execution cannot: its runs are asked to stop, for their executions may go on without it.
 * `running` while one of them is not over: call it again. `nothing` where there is no game-day, or it has ended.
 */
export async function closeGameDay(
  { gameDayId, status }: z.infer<typeof closeInput>,
  services: Pick<Services, 'gameDays' | 'runs' | 'clock'>,
): Promise<{ gameDayId: string; status: 'running' | 'over' | 'nothing' }> {
  const gameDay = await services.gameDays.find(gameDayId);
  if (!gameDay || gameDay.endedAt !== null) return { gameDayId, status: 'nothing' };
  await stopGameDay({ gameDayId, reason: reasons[status], by: 'Step Functions' }, services);
  const runs = await Promise.all(gameDay.runs.map(({ runId }) => services.runs.find(runId)));
  const isOver = runs.every((run) => run === null || run.phase === 'done');
  return { gameDayId, status: isOver ? 'over' : 'running' };
}
