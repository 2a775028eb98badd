import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { dashboardNames } from '../../lambdas/dashboards/metric-names.ts';
import type { VariableName } from '../../lambdas/runs/environment.ts';
import { grantBackUp } from '../backup/backup-hooks.ts';
import { grantSeeScorecard } from '../dashboards/look.ts';
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
  environment: Partial<Record<VariableName, string>>;
}

/** What a game-day does before its first fault: the team told, the dashboard looked at, the database backed up. */
export class Checklist extends Construct {
  readonly begin: FaultlineFunction;

  constructor(scope: Construct, id: string, props: ChecklistProps) {
    super(scope, id);
    const { table, evidence, targets, notifications, environment } = props;
    this.begin = new FaultlineFunction(this, 'BeginFunction', {
      handler: 'checklist/begin.lambda.ts',
      timeout: Duration.seconds(240),
      environment: {
        ...environment,
        TOPIC_ARN: notifications.topicArn,
        DASHBOARD_NAME: dashboardNames.scorecard,
      },
    });
    table.grantReadWrite(this.begin);
    evidence.grantReadWrite(this.begin);
    evidence.grantReadBackups(this.begin);
    targets.grantReadConfiguration(this.begin);
    notifications.grantAnnounce(this.begin);
    grantSeeScorecard(this, this.begin);
    grantBackUp(this, this.begin);
  }
}
