import { Duration } from 'aws-cdk-lib';
import { Dashboard as CloudWatchDashboard, CustomWidget, GraphWidget, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { dashboardNames, resultMetricNames as names } from '../../lambdas/dashboards/metric-names.ts';
import type { VariableName } from '../../lambdas/runs/environment.ts';
import { FaultlineFunction } from '../functions/faultline-function.ts';
import type { EvidenceBucket } from '../store/evidence-bucket.ts';
import type { RunsTable } from '../store/runs-table.ts';
import { scorecardFunctionName } from './look.ts';
import { resultLines } from './metrics.ts';

export interface DashboardProps {
  table: RunsTable;
  evidence: EvidenceBucket;
  environment: Partial<Record<VariableName, string>>;
}

/** The scorecard: what the latest run of each scenario came to, and how that went over time. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { table, evidence, environment }: DashboardProps) {
    super(scope, id);
    const scorecard = new FaultlineFunction(this, 'Scorecard', {
      handler: 'dashboards/scorecard.lambda.ts',
      functionName: scorecardFunctionName,
      timeout: Duration.seconds(25),
      environment,
    });
    table.grantRead(scorecard);
    evidence.grantRead(scorecard);
    const dashboard = new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: dashboardNames.scorecard,
      defaultInterval: Duration.days(30),
    });
    dashboard.addWidgets(
      new CustomWidget({
        title: 'Latest run of each scenario',
        functionArn: scorecard.functionArn,
        width: 24,
        height: 9,
        updateOnResize: false,
        updateOnTimeRangeChange: false,
      }),
    );
    dashboard.addWidgets(
      ofTarget('RTO, percent of its target', names.recoveryTimeShare),
      ofTarget('RPO of the worst class of data, percent of its target', names.recoveryPointShare),
    );
    dashboard.addWidgets(
      ofRuns('Recovery time, seconds', names.recoveryTime),
      ofRuns('Recovery point, seconds', names.recoveryPoint),
    );
    dashboard.addWidgets(
      ofRuns('Resilience score', names.score, 8),
      ofRuns('Passed', names.passed, 8),
      ofRuns('Lost writes', names.lostWrites, 8),
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
