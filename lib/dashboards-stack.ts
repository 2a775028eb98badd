import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './dashboards/alarms.ts';
import { Dashboard, type DashboardProps } from './dashboards/dashboard.ts';
import { LiveDashboard } from './dashboards/live-dashboard.ts';

export interface DashboardsStackProps extends StackProps, DashboardProps {
  /** Where the operators' runbook can be read. */
  runbook: string;
}

/** What people look at, and what calls them. Nothing that runs needs it. */
export class DashboardsStack extends Stack {
  constructor(scope: Construct, id: string, { runbook, table, evidence, environment, ...props }: DashboardsStackProps) {
    super(scope, id, props);
    new Dashboard(this, 'Dashboard', { table, evidence, environment });
    new LiveDashboard(this, 'LiveDashboard');
    const alarms = new Alarms(this, 'Alarms', { runbook });
    new CfnOutput(this, 'AlarmTopicArn', { value: alarms.topicArn });
  }
}
