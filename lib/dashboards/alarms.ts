import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmMetricNames, metricNamespace } from '../../lambdas/dashboards/metric-names.ts';

/**
 * What somebody has to look at, each with what to do then. The topic is their own and not encrypted with the account's
 * key for SNS, which CloudWatch may not use: a message has the alarm's name and its reason, and no more.
 */
export class Alarms extends Construct {
  readonly topicArn: string;

  constructor(scope: Construct, id: string, { runbook }: { runbook: string }) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    this.topicArn = topic.topicArn;
    const alarms = [
      new Alarm(this, 'MissedTarget', {
        alarmName: 'Faultline-MissedTarget',
        alarmDescription: `A run has missed a target of its RTO or RPO within the last day. What to do: ${runbook}#missed-target`,
        metric: metric(alarmMetricNames.missedTargets, Duration.days(1)),
        threshold: 0,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
      new Alarm(this, 'OpenFault', {
        alarmName: 'Faultline-OpenFault',
        alarmDescription: `A fault is not proven to be gone, and no run has taken care of it for three minutes. What to do: ${runbook}#open-fault`,
        metric: metric(alarmMetricNames.openFaults, Duration.minutes(1)),
        threshold: 0,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        // The reaper looks once a minute, and hands it to the clean-up at once: that takes its time.
        evaluationPeriods: 4,
        datapointsToAlarm: 3,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
    ];
    for (const alarm of alarms) alarm.addAlarmAction(new SnsAction(topic));
  }
}

const metric = (metricName: string, period: Duration) =>
  new Metric({ namespace: metricNamespace, metricName, period, statistic: Stats.MAXIMUM });
