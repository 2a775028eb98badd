import { type GameDay, type GameDayInput, planGameDay } from '../../../../lambdas/game-day/game-day.ts';
import { start } from '../../../lambdas/support/run.ts';

/** A game-day as the API tells it. */
export const aGameDay = (input: Partial<GameDayInput> = {}, changes: Partial<GameDay> = {}): GameDay => ({
  ...planGameDay({ gameDayId: 'gd-1', target: 'shop', scenarios: ['control'], profile: 'quick', ...input }, start),
  ...changes,
});
