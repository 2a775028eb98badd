import { Duration } from 'aws-cdk-lib';
import {
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IWidget,
  MathExpression,
} from 'aws-cdk-lib/aws-cloudwatch';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { metricNamespace } from '../../lambdas/finish/publish.ts';

const name = 'Faultline';

/** What runs came to over time, of every target and scenario. */
export class Dashboard extends Construct {
  readonly dashboardName = name;
  private readonly dashboard: CloudWatchDashboard;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.dashboard = new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: name,
      defaultInterval: Duration.days(30),
    });
    this.dashboard.addWidgets(
      ofRuns('Resilience score', 'ResilienceScore'),
      ofRuns('Recovery time, seconds', 'RecoveryTime'),
    );
    this.dashboard.addWidgets(ofRuns('Passed', 'Passed'), ofRuns('Lost writes', 'LostWrites'));
  }

  /** The right to see what is on it. */
  grantRead(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['cloudwatch:GetDashboard'], resources: [this.dashboard.dashboardArn] }),
    );
  }
}

/** One line for each target and scenario that there is, also those that come later. */
function ofRuns(title: string, metric: string): IWidget {
  const search = `SEARCH('{${metricNamespace},Target,Scenario} MetricName="${metric}"', 'Average')`;
  return new GraphWidget({
    title,
    width: 12,
    left: [new MathExpression({ expression: search, label: '', period: Duration.minutes(5) })],
  });
}
