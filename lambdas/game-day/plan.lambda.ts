import { step } from '../aws/step.ts';
import { GameDayOver, gameDayInput, planGameDay } from './game-day.ts';
import { inapplicable } from './inapplicable.ts';

/** A game-day that was given up by whoever started it must not begin after all. */
export const handler = step(gameDayInput, async (input, { gameDays, clock, target: targetOf }) => {
  const skipped = inapplicable(await targetOf(input.target), input.scenarios);
  const planned = planGameDay(input, clock.now(), skipped);
  const { gameDayId, target, profile, runs, endedAt } = await gameDays.create(planned);
  if (endedAt !== null) throw new GameDayOver(gameDayId);
  return { gameDayId, runs: runs.map((run) => ({ ...run, gameDayId, target, profile })) };
});
