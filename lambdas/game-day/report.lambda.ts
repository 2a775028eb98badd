import { z } from 'zod';
import { step } from '../aws/step.ts';
import { environment } from '../runs/environment.ts';
import { runIdSchema } from '../runs/run.ts';
import { writeReport } from './report.ts';

export const handler = step(z.object({ gameDayId: runIdSchema }), ({ gameDayId }, shared) =>
  writeReport(gameDayId, shared, environment('FAULTLINE_MODE').FAULTLINE_MODE),
);
