import { Duration, Stack } from 'aws-cdk-lib';
import { Dashboard as CloudWatchDashboard, CustomWidget, GraphWidget, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { dashboardNames, resultMetricNames as names } from '../../lambdas/dashboards/metric-names.ts';
import type { VariableName } from '../../lambdas/runs/environment.ts';
import { FaultlineFunction } from '../functions/faultline-function.ts';
import type { EvidenceBucket } from '../store/evidence-bucket.ts';
import type { RunsTable } from '../store/runs-table.ts';
import { resultLines } from './metrics.ts';

export interface DashboardProps {
  table: RunsTable;
  evidence: EvidenceBucket;
  environment: Partial<Record<VariableName, string>>;
}

/** The scorecard: what the latest run of each scenario came to, and how that went over time. */
export class Dashboard extends Construct {
  readonly dashboardName = dashboardNames.scorecard;
  private readonly dashboard: CloudWatchDashboard;
  private readonly scorecard: FaultlineFunction;

  constructor(scope: Construct, id: string, { table, evidence, environment }: DashboardProps) {
    super(scope, id);
    this.scorecard = new FaultlineFunction(this, 'Scorecard', {
      handler: 'dashboards/scorecard.lambda.ts',
      timeout: Duration.seconds(25),
      environment,
    });
    table.grantRead(this.scorecard);
    evidence.grantRead(this.scorecard);
    this.dashboard = new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: dashboardNames.scorecard,
      defaultInterval: Duration.days(30),
    });
    this.dashboard.addWidgets(
      new CustomWidget({
        title: 'Latest run of each scenario',
        functionArn: this.scorecard.functionArn,
        width: 24,
        height: 9,
        updateOnResize: false,
        updateOnTimeRangeChange: false,
      }),
    );
    this.dashboard.addWidgets(
      ofTarget('RTO, percent of its target', names.recoveryTimeShare),
      ofTarget('RPO of the worst class of data, percent of its target', names.recoveryPointShare),
    );
    this.dashboard.addWidgets(
      ofRuns('Recovery time, seconds', names.recoveryTime),
      ofRuns('Recovery point, seconds', names.recoveryPoint),
    );
    this.dashboard.addWidgets(
      ofRuns('Resilience score', names.score, 8),
      ofRuns('Passed', names.passed, 8),
      ofRuns('Lost writes', names.lostWrites, 8),
    );
  }

  /** The rights to look at every dashboard of Faultline with its figures, as a person does. */
  grantLook(grantee: IGrantable): void {
    const { grantPrincipal } = grantee;
    const dashboards = Object.values(dashboardNames).map((resourceName) =>
      Stack.of(this).formatArn({ service: 'cloudwatch', region: '', resource: 'dashboard', resourceName }),
    );
    for (const statement of [
      new PolicyStatement({ actions: ['cloudwatch:GetDashboard'], resources: dashboards }),
      // Neither has a resource to name.
      new PolicyStatement({
        actions: ['cloudwatch:ListMetrics', 'cloudwatch:GetMetricData'],
        resources: ['*'],
      }),
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.scorecard.functionArn] }),
    ]) {
      grantPrincipal.addToPrincipalPolicy(statement);
    }
  }

  /** The right to see what is on it. */
  grantRead(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['cloudwatch:GetDashboard'], resources: [this.dashboard.dashboardArn] }),
    );
  }
}

const ofRuns = (title: string, metric: string, width = 12): IWidget =>
  new GraphWidget({ title, width, left: [resultLines(metric)], leftYAxis: { min: 0 } });

const ofTarget = (title: string, metric: string): IWidget =>
  new GraphWidget({
    title,
    width: 12,
    left: [resultLines(metric, 'Maximum')],
    leftYAxis: { min: 0 },
    leftAnnotations: [{ value: 100, label: 'the target' }],
  });
