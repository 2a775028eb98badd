import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { metricNamespace } from '../../lambdas/dashboards/metric-names.ts';

/** The right to publish Faultline's own metrics, and no others. */
export function grantPublishMetrics({ grantPrincipal }: IGrantable): void {
  grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': metricNamespace } },
    }),
  );
}

/** A line for each target that there is, also those that come later; second by second. */
export const liveLines = (metric: string, name: string, statistic = 'Average'): MathExpression =>
  search('Target', metric, statistic, Duration.seconds(1), `${name} \${PROP('Dim.Target')}`.trim());

/** A line for each target and scenario that there is, also those that come later. */
export const resultLines = (metric: string, statistic = 'Average'): MathExpression =>
  search('Target,Scenario', metric, statistic, Duration.minutes(5), `\${PROP('Dim.Scenario')} \${PROP('Dim.Target')}`);

const search = (dimensions: string, metric: string, statistic: string, period: Duration, label: string) =>
  new MathExpression({
    expression: `SEARCH('{${metricNamespace},${dimensions}} MetricName="${metric}"', '${statistic}', ${period.toSeconds()})`,
    label,
    period,
    usingMetrics: {},
  });
