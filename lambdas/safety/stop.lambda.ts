import { step } from '../aws/step.ts';
import { stopGameDay, stopInput } from './stop-game-day.ts';

export const handler = step(stopInput, stopGameDay);
