import { z } from 'zod';
import { step } from '../aws/step.ts';
import { environment } from '../runs/environment.ts';
import { runIdSchema } from '../runs/run.ts';
import { writeReport } from './report.ts';

const reportInput = z.object({
  gameDayId: runIdSchema,
  /** How each run's execution ended; `problem` where it failed. */
  ended: z.array(z.object({ runId: runIdSchema, problem: z.string().optional() })),
});

export const handler = step(reportInput, ({ gameDayId, ended }, shared) => {
  const problems = new Map(ended.flatMap(({ runId, problem }) => (problem ? [[runId, problem] as const] : [])));
  return writeReport(gameDayId, problems, shared, environment('FAULTLINE_MODE').FAULTLINE_MODE);
});
