import { SNSClient } from '@aws-sdk/client-sns';
import { z } from 'zod';
import { step } from '../aws/step.ts';
import { NoticesClient } from '../checklist/notices.client.ts';
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
  const { FAULTLINE_MODE, TOPIC_ARN } = environment('FAULTLINE_MODE', 'TOPIC_ARN');
  const notices = new NoticesClient(new SNSClient(), TOPIC_ARN);
  return writeReport(gameDayId, problems, { ...shared, notices }, FAULTLINE_MODE);
});
