import type { Services } from '../runs/run-context.ts';

/**
 * Asks a game-day to stop: its present run through the guard that watches it, and every later one before it starts.
 * A run that is being prepared at this moment reads the game-day's request after it has made its own record.
 * @returns the runs that were asked by this call
 * @throws GameDayNotFound
 */
export async function stopGameDay(
  { gameDayId, reason, by }: { gameDayId: string; reason: string; by: string },
  { gameDays, runs, clock }: Pick<Services, 'gameDays' | 'runs' | 'clock'>,
): Promise<{ gameDayId: string; stopped: string[] }> {
  const stop = { reason, by, at: clock.now() };
  await gameDays.requestStop(gameDayId, stop);
  const { runs: planned } = await gameDays.get(gameDayId);
  const stopped: string[] = [];
  for (const { runId } of planned) {
    const run = await runs.find(runId);
    if (run && run.phase !== 'done' && (await runs.requestStop(runId, stop))) stopped.push(runId);
  }
  return { gameDayId, stopped };
}
