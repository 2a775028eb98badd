import { BackupClient, ListRecoveryPointsByResourceCommand } from '@aws-sdk/client-backup';
import { mockClient } from 'aws-sdk-client-mock';
import { RecoveryPointsClient } from '../../../lambdas/backup/recovery-points.client.ts';

/** The emulator knows no recovery points: what AWS Backup answers is as its API describes it. */
const backup = mockClient(BackupClient);
const points = new RecoveryPointsClient(new BackupClient({ region: 'us-east-1' }));
const ResourceArn = 'arn:aws:rds:us-east-1:111122223333:db:shop';

const point = (name: string, seconds: number, Status: 'COMPLETED' | 'PARTIAL' | 'EXPIRED' = 'COMPLETED') => ({
  RecoveryPointArn: `arn:${name}`,
  CreationDate: new Date(seconds * 1000),
  Status,
});

test('the latest complete recovery point of all pages is found', async () => {
  backup
    .on(ListRecoveryPointsByResourceCommand, { ResourceArn })
    .resolves({ RecoveryPoints: [point('old', 100), point('partial', 400, 'PARTIAL')], NextToken: 'more' })
    .on(ListRecoveryPointsByResourceCommand, { ResourceArn, NextToken: 'more' })
    .resolves({ RecoveryPoints: [point('latest', 300), point('middle', 200), point('expired', 500, 'EXPIRED')] });
  expect(await points.latest(ResourceArn)).toEqual({ arn: 'arn:latest', createdAt: 300 });
});

test('where there is none, there is none', async () => {
  backup.on(ListRecoveryPointsByResourceCommand).resolves({ RecoveryPoints: [] });
  expect(await points.latest(ResourceArn)).toBeNull();
});
