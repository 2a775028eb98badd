import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { runStep } from '../aws/step.ts';
import { metricNamespace } from '../dashboards/metric-names.ts';
import { environment } from '../runs/environment.ts';
import { metricsOf, notificationOf, publishOnce } from './publish.ts';

const cloudwatch = new CloudWatchClient();
const sns = new SNSClient();

export const handler = runStep({}, (context) =>
  publishOnce(context, async (result, manifestSha256) => {
    const { subject, message } = notificationOf(result, manifestSha256);
    await cloudwatch.send(
      new PutMetricDataCommand({ Namespace: metricNamespace, MetricData: metricsOf(result, context.run.targetId) }),
    );
    await sns.send(
      new PublishCommand({ TopicArn: environment('TOPIC_ARN').TOPIC_ARN, Subject: subject, Message: message }),
    );
  }),
);
