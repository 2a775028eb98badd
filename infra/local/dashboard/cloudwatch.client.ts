import {
  CloudWatchClient,
  GetDashboardCommand,
  GetMetricDataCommand,
  ListMetricsCommand,
} from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { dashboardNames } from '../../../lambdas/dashboards/metric-names.ts';
import type { ClientConfig } from '../../../lambdas/operator/game-day-operator.ts';
import type { FoundMetric, Search } from './widgets.ts';

interface Asked {
  search: Search;
  metric: FoundMetric;
  period: number;
}

/** What a person who looks at CloudWatch's dashboards asks for, in the operator's name. */
export class Dashboards {
  private readonly cloudwatch: CloudWatchClient;
  private readonly lambda: LambdaClient;

  constructor(config: ClientConfig) {
    this.cloudwatch = new CloudWatchClient(config);
    this.lambda = new LambdaClient(config);
  }

  /** Of Faultline's dashboards, those that are deployed. */
  async names(): Promise<string[]> {
    const found = await Promise.all(Object.values(dashboardNames).map(async (name) => [name, await this.has(name)]));
    return found.flatMap(([name, isThere]) => (isThere ? String(name) : []));
  }

  private async has(name: string): Promise<boolean> {
    try {
      await this.body(name);
      return true;
    } catch (error) {
      if (/^(ResourceNotFound|DashboardNotFoundError)$/.test((error as Error).name)) return false;
      throw error;
    }
  }

  async body(name: string): Promise<string> {
    const { DashboardBody } = await this.cloudwatch.send(new GetDashboardCommand({ DashboardName: name }));
    return DashboardBody ?? '{"widgets":[]}';
  }

  async metrics(namespace: string, name: string): Promise<FoundMetric[]> {
    const found: FoundMetric[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.cloudwatch.send(
        new ListMetricsCommand({ Namespace: namespace, MetricName: name, NextToken }),
      );
      for (const { Dimensions = [] } of page.Metrics ?? []) {
        found.push({ dimensions: Object.fromEntries(Dimensions.map((d) => [d.Name, d.Value])) });
      }
      NextToken = page.NextToken;
    } while (NextToken);
    return found;
  }

  /** The values of each, in the order of `asked`; times are epoch seconds. */
  async values(asked: readonly Asked[], start: number, end: number): Promise<{ at: number; value: number }[][]> {
    if (asked.length === 0) return [];
    const { MetricDataResults = [] } = await this.cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(start * 1000),
        EndTime: new Date(end * 1000),
        MetricDataQueries: asked.map(({ search, metric, period }, i) => ({
          Id: `m${i}`,
          MetricStat: {
            Metric: {
              Namespace: search.namespace,
              MetricName: search.metric,
              Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
            },
            Period: period,
            Stat: search.statistic,
          },
        })),
      }),
    );
    return asked.map((_, i) => {
      const { Timestamps = [], Values = [] } = MetricDataResults.find((r) => r.Id === `m${i}`) ?? {};
      return Timestamps.map((t, k) => ({ at: t.getTime() / 1000, value: Values[k]! }));
    });
  }

  /** What a custom widget's Lambda answers. @throws Error with the Lambda's own, where it failed */
  async custom(functionArn: string): Promise<string> {
    const { FunctionError, Payload } = await this.lambda.send(
      new InvokeCommand({ FunctionName: functionArn, Payload: '{}' }),
    );
    const answer: unknown = JSON.parse(Payload?.transformToString() ?? 'null');
    if (FunctionError) throw new Error(`${FunctionError}: ${JSON.stringify(answer)}`);
    return typeof answer === 'string' ? answer : '';
  }
}
