import { type BackupClient, paginateListRecoveryPointsByResource } from '@aws-sdk/client-backup';

export interface RecoveryPoint {
  arn: string;
  /** Epoch seconds. */
  createdAt: number;
}

/** Runtime access to AWS Backup: what a resource could be restored from. */
export class RecoveryPointsClient {
  private readonly backup: BackupClient;

  constructor(backup: BackupClient) {
    this.backup = backup;
  }

  /** The youngest of those that are complete; null where there is none. */
  async latest(resourceArn: string): Promise<RecoveryPoint | null> {
    let latest: RecoveryPoint | null = null;
    const pages = paginateListRecoveryPointsByResource({ client: this.backup }, { ResourceArn: resourceArn });
    for await (const { RecoveryPoints = [] } of pages) {
      for (const { RecoveryPointArn, CreationDate, Status } of RecoveryPoints) {
        if (Status !== 'COMPLETED' || !RecoveryPointArn || !CreationDate) continue;
        const createdAt = CreationDate.getTime() / 1000;
        if (!latest || createdAt > latest.createdAt) latest = { arn: RecoveryPointArn, createdAt };
      }
    }
    return latest;
  }
}
