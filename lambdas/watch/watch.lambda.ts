import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import { logger } from '../aws/logger.ts';
import { runStep } from '../aws/step.ts';
import { metricNamespace } from '../dashboards/metric-names.ts';
import { LivePublisher } from './live-publisher.ts';
import { watch, watchedPhases } from './watch.ts';

/** A dashboard is not worth waiting for: one short try. */
const cloudwatch = new CloudWatchClient({
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1000 },
});

export const handler = runStep({ phase: z.enum(watchedPhases) }, async (run, { phase }) => {
  const live = new LivePublisher(run, phase, {
    put: async (MetricData) => {
      await cloudwatch.send(new PutMetricDataCommand({ Namespace: metricNamespace, MetricData }));
    },
    failed: (error) => logger.warn('live metrics were not published', { error: error as Error }),
  });
  try {
    return await watch(run, phase, () => live.tick());
  } finally {
    await live.end();
  }
});
