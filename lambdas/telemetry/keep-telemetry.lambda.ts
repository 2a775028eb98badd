import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { runStep } from '../aws/step.ts';
import { keepLogs } from '../logs/keep-logs.ts';
import { LogsClient } from '../logs/logs.client.ts';
import { keepSignals } from '../signals/keep-signals.ts';
import { MetricsClient } from '../signals/metrics.client.ts';

const logs = new LogsClient(new CloudWatchLogsClient());
const metrics = new MetricsClient(new CloudWatchClient());

export const handler = runStep({}, async (context) => {
  const [{ lines }, { points }] = await Promise.all([keepLogs(context, logs), keepSignals(context, metrics)]);
  return { lines, points };
});
