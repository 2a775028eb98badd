import { BackupClient } from '@aws-sdk/client-backup';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { step } from '../aws/step.ts';
import { BackupHooksClient, hookSeconds } from '../backup/backup-hooks.client.ts';
import { RecoveryPointsClient } from '../backup/recovery-points.client.ts';
import { announceServices } from '../notifications/announcing.ts';
import { environment } from '../runs/environment.ts';
import { runIdSchema } from '../runs/run.ts';
import { begin } from './begin.ts';
import { DashboardsClient } from './dashboards.client.ts';

// One call of a hook is one backup: it is not repeated because its answer takes long.
const lambda = new LambdaClient({ maxAttempts: 1, requestHandler: { requestTimeout: hookSeconds * 1000 } });

export const handler = step(z.strictObject({ gameDayId: runIdSchema }), ({ gameDayId }, shared) => {
  return begin(gameDayId, {
    ...shared,
    ...announceServices(),
    recoveryPoints: new RecoveryPointsClient(new BackupClient()),
    hooks: new BackupHooksClient(lambda),
    dashboards: new DashboardsClient(new CloudWatchClient()),
    dashboard: environment('DASHBOARD_NAME').DASHBOARD_NAME,
  });
});
