import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { runStep } from '../aws/step.ts';
import { scenarioResultSchema } from '../report/report.schema.ts';
import { environment } from '../runs/environment.ts';
import { resultKey } from './analyse-run.ts';
import { metricNamespace, metricsOf, notificationOf } from './publish.ts';

const cloudwatch = new CloudWatchClient();
const sns = new SNSClient();

export const handler = runStep({}, async ({ run, evidence }) => {
  const text = await evidence.get(resultKey(run.runId));
  if (text === null) throw new Error(`run ${run.runId} has no result to publish`);
  const result = scenarioResultSchema.parse(JSON.parse(text));
  const { subject, message } = notificationOf(result);
  await cloudwatch.send(
    new PutMetricDataCommand({ Namespace: metricNamespace, MetricData: metricsOf(result, run.targetId) }),
  );
  await sns.send(
    new PublishCommand({ TopicArn: environment('TOPIC_ARN').TOPIC_ARN, Subject: subject, Message: message }),
  );
});
