import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import middy from '@middy/core';
import { systemClock } from '../aws/clock.ts';
import { logger } from '../aws/logger.ts';
import { sharedServices } from '../aws/step.ts';
import { alarmMetricNames, metricNamespace } from '../dashboards/metric-names.ts';
import { Hosts } from '../hosts/hosts.client.ts';
import { loadTasksOf } from '../load/run-load-tasks.ts';
import { environment } from '../runs/environment.ts';
import { CleanUpsClient } from './clean-ups.client.ts';
import { reap } from './reap.ts';

const sfn = new SFNClient();
const ecs = new ECSClient();
const cloudwatch = new CloudWatchClient();
const hosts = new Hosts(new SSMClient(), systemClock);

async function openFaults(Value: number): Promise<void> {
  const MetricData = [{ MetricName: alarmMetricNames.openFaults, Value, Unit: 'Count' as const }];
  await cloudwatch.send(new PutMetricDataCommand({ Namespace: metricNamespace, MetricData }));
}

/** Called by a schedule, whose event says nothing. */
export const handler = middy()
  .use(injectLambdaContext(logger))
  .handler(async () => {
    const cleanUps = new CleanUpsClient(sfn, environment('CLEAN_UP_MACHINE').CLEAN_UP_MACHINE);
    const reaped = await reap({ ...sharedServices(), cleanUps, loadTasks: loadTasksOf(ecs), hosts, openFaults });
    if (reaped.orphans.length + reaped.tasks.length > 0)
      logger.warn('cleaning up after runs that broke off', { reaped });
    return reaped;
  });
