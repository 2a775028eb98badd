import { step } from '../aws/step.ts';
import { closeGameDay, closeInput } from './close-game-day.ts';

export const handler = step(closeInput, closeGameDay);
