import { ArnFormat, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** A target's configuration names its hook; what may be called is told by how the name begins. */
const prefix = 'faultline-backup-';

export const backupHooks = { databaseDump: `${prefix}database` } as const;

/** The right to have backups made, and to look for recovery points: AWS Backup lets no resource be named for that. */
export function grantBackUp(scope: Construct, { grantPrincipal }: IGrantable): void {
  const hooks = Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: `${prefix}*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [hooks] }));
  grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['backup:ListRecoveryPointsByResource'], resources: ['*'] }),
  );
}
