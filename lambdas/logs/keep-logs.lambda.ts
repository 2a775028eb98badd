import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { runStep } from '../aws/step.ts';
import { keepLogs } from './keep-logs.ts';
import { LogsClient } from './logs.client.ts';

const logs = new LogsClient(new CloudWatchLogsClient());

export const handler = runStep({}, (context) => keepLogs(context, logs));
