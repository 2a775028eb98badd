import { z } from 'zod';
import { step } from '../aws/step.ts';
import { runIdSchema } from '../runs/run.ts';

/** Whether the game-day goes on: not after somebody has asked it to stop. */
export const handler = step(z.object({ gameDayId: runIdSchema }), async ({ gameDayId }, { gameDays }) => ({
  proceed: (await gameDays.get(gameDayId)).stopRequested === null,
}));
