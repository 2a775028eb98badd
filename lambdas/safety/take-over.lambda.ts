import { step } from '../aws/step.ts';
import { takeOver, takeOverInput } from './take-over.ts';

export const handler = step(takeOverInput, takeOver);
