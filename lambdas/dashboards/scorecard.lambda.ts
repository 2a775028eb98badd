import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { z } from 'zod';
import { logger } from '../aws/logger.ts';
import { sharedServices } from '../aws/step.ts';
import { resultKey } from '../finish/analyse-run.ts';
import { scenarioResultSchema } from '../report/report.schema.ts';
import type { Run } from '../runs/run.ts';
import type { Services } from '../runs/run-context.ts';
import { latestRuns, scorecardDescription, scorecardTable } from './scorecard.ts';

const question = z.object({ describe: z.boolean() });

/** Enough for several game-days of every scenario. */
const lookBack = 60;

/** Called by CloudWatch when somebody looks at the dashboard; `describe` asks what the widget is. */
export const handler = middy()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .handler(async (event: unknown) => {
    if (question.safeParse(event).data?.describe) return { markdown: scorecardDescription };
    const { runs, evidence } = sharedServices();
    const { runs: newest } = await runs.page({ limit: lookBack, after: null });
    return scorecardTable(await Promise.all(latestRuns(newest).map((run) => withResult(run, evidence))));
  });

async function withResult(run: Run, evidence: Services['evidence']) {
  const text = await evidence.get(resultKey(run.runId));
  return { run, result: text === null ? null : scenarioResultSchema.parse(JSON.parse(text)) };
}
