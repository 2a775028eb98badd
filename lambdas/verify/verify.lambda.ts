import { runStep } from '../aws/step.ts';
import { verify } from './verify.ts';

export const handler = runStep({}, verify);
