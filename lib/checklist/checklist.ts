import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { VariableName } from '../../lambdas/runs/environment.ts';
import { grantBackUp } from '../backup/backup-hooks.ts';
import type { Dashboard } from '../dashboards/dashboard.ts';
import { FaultlineFunction } from '../functions/faultline-function.ts';
import type { Notifications } from '../notifications/notifications.ts';
import type { EvidenceBucket } from '../store/evidence-bucket.ts';
import type { RunsTable } from '../store/runs-table.ts';
import type { Targets } from '../targets/targets.ts';

export interface ChecklistProps {
  table: RunsTable;
  evidence: EvidenceBucket;
  targets: Targets;
  notifications: Notifications;
  dashboard: Dashboard;
  environment: Partial<Record<VariableName, string>>;
}

/** What a game-day does before its first fault: the team told, the dashboard looked at, the database backed up. */
export class Checklist extends Construct {
  readonly begin: FaultlineFunction;

  constructor(scope: Construct, id: string, props: ChecklistProps) {
    super(scope, id);
    const { table, evidence, targets, notifications, dashboard, environment } = props;
    this.begin = new FaultlineFunction(this, 'BeginFunction', {
      handler: 'checklist/begin.lambda.ts',
      timeout: Duration.seconds(240),
      environment: {
        ...environment,
        TOPIC_ARN: notifications.topicArn,
        DASHBOARD_NAME: dashboard.dashboardName,
      },
    });
    table.grantReadWrite(this.begin);
    evidence.grantReadWrite(this.begin);
    evidence.grantReadBackups(this.begin);
    targets.grantReadConfiguration(this.begin);
    notifications.grantAnnounce(this.begin);
    dashboard.grantRead(this.begin);
    grantBackUp(this, this.begin);
  }
}
