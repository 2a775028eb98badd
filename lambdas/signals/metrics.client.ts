import { type CloudWatchClient, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import type { AppMetric } from '../evidence/sample.ts';
import { type CloudWatchMetric, isCounter } from './cloudwatch-metric.ts';
import type { Point } from './kept-signals.ts';

/** Runtime access to the metrics that others publish to CloudWatch. */
export class MetricsClient {
  private readonly cloudwatch: CloudWatchClient;

  constructor(cloudwatch: CloudWatchClient) {
    this.cloudwatch = cloudwatch;
  }

  /** The values of the whole periods that begin in [from, to), epoch seconds, in order of time. */
  async between(signal: AppMetric, metric: CloudWatchMetric, from: number, to: number): Promise<Point[]> {
    const { namespace, name, dimensions, statistic, periodSeconds } = metric;
    const first = Math.ceil(from / periodSeconds) * periodSeconds;
    const points: Point[] = [];
    const pages = paginateGetMetricData(
      { client: this.cloudwatch },
      {
        StartTime: new Date(first * 1000),
        EndTime: new Date(to * 1000),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [
          {
            Id: 'signal',
            MetricStat: {
              Metric: {
                Namespace: namespace,
                MetricName: name,
                Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
              },
              Period: periodSeconds,
              Stat: isCounter(signal) ? 'Sum' : statistic,
            },
          },
        ],
      },
    );
    for await (const { MetricDataResults: [{ Timestamps = [], Values = [] } = {}] = [] } of pages) {
      points.push(...Timestamps.map((time, i) => ({ at: time.getTime() / 1000, value: Values[i]! })));
    }
    return points.sort((a, b) => a.at - b.at);
  }
}
