import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { runStep } from '../aws/step.ts';
import { metricNamespace } from '../dashboards/metric-names.ts';
import { announce } from '../notifications/announce.ts';
import { announceServices, reportOf } from '../notifications/announcing.ts';
import { runEnded, targetsMissed } from '../notifications/of-run.ts';
import { metricsOf, publishOnce } from './publish.ts';

const cloudwatch = new CloudWatchClient();

export const handler = runStep({}, (context) =>
  publishOnce(context, async (result, manifestSha256) => {
    const { targetId: target, gameDayId } = context.run;
    await cloudwatch.send(
      new PutMetricDataCommand({ Namespace: metricNamespace, MetricData: metricsOf(result, target) }),
    );
    const report = gameDayId === null ? null : reportOf(gameDayId);
    const facts = { gameDayId, target, manifestSha256, report };
    const channels = announceServices();
    for (const announcement of [runEnded(result, facts), ...targetsMissed(result, facts)])
      await announce(announcement, channels);
  }),
);
