import { z } from 'zod';
import { step } from '../aws/step.ts';
import { announceServices, reportOf } from '../notifications/announcing.ts';
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
  const { FAULTLINE_MODE } = environment('FAULTLINE_MODE');
  return writeReport(gameDayId, problems, { ...shared, ...announceServices(), reportOf }, FAULTLINE_MODE);
});
