import { step } from '../aws/step.ts';
import { GameDayOver, gameDayInput, planGameDay } from './game-day.ts';

/** A game-day that was given up by whoever started it must not begin after all. */
export const handler = step(gameDayInput, async (input, { gameDays, clock }) => {
  const { gameDayId, target, profile, runs, endedAt } = await gameDays.create(planGameDay(input, clock.now()));
  if (endedAt !== null) throw new GameDayOver(gameDayId);
  return { gameDayId, runs: runs.map((run) => ({ ...run, gameDayId, target, profile })) };
});
