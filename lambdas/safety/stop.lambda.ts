import { z } from 'zod';
import { step } from '../aws/step.ts';
import { runIdSchema } from '../runs/run.ts';
import { RunNotFound } from '../runs/runs.client.ts';

const stopInput = z.strictObject({
  gameDayId: runIdSchema,
  reason: z.string().min(1).max(200),
  by: z.string().min(1).max(100),
});

/** Asks a game-day to stop: its present run through the guard that watches it, and every later one before it starts. */
export const handler = step(stopInput, async ({ gameDayId, reason, by }, { gameDays, runs, clock }) => {
  const stop = { reason, by, at: clock.now() };
  await gameDays.requestStop(gameDayId, stop);
  const { runs: planned } = await gameDays.get(gameDayId);
  const stopped: string[] = [];
  for (const { runId } of planned) {
    try {
      const run = await runs.get(runId);
      if (run.phase !== 'done' && (await runs.requestStop(runId, stop))) stopped.push(runId);
    } catch (error) {
      if (!(error instanceof RunNotFound)) throw error;
    }
  }
  return { gameDayId, stopped };
});
