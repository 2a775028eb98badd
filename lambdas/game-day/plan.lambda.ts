import { step } from '../aws/step.ts';
import { gameDayInput, planGameDay } from './game-day.ts';

export const handler = step(gameDayInput, async (input, { gameDays, clock }) => {
  const { gameDayId, target, profile, runs } = await gameDays.create(planGameDay(input, clock.now()));
  return { gameDayId, runs: runs.map((run) => ({ ...run, gameDayId, target, profile })) };
});
