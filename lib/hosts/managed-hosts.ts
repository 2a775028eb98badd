import { Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { optInTag } from '../../lambdas/aws/ecs-services.client.ts';

/** The documents that a step may send, as they are deployed. */
export type DocumentName = `Faultline-${string}`;

/** The account's managed hosts: each function may send some documents, and only to hosts that opted in. */
export class ManagedHosts extends Construct {
  grantFind(grantee: IGrantable): void {
    this.allow(grantee, [{ actions: ['ssm:DescribeInstanceInformation'], resources: ['*'] }]);
  }

  /** Sending these documents, and waiting for their end. */
  grantRun(grantee: IGrantable, ...documents: DocumentName[]): void {
    this.grantSend(grantee, ...documents);
    this.allow(grantee, [{ actions: ['ssm:GetCommandInvocation', 'ssm:CancelCommand'], resources: ['*'] }]);
  }

  grantSend(grantee: IGrantable, ...documents: DocumentName[]): void {
    const { partition, region, account } = Stack.of(this);
    this.allow(grantee, [
      {
        actions: ['ssm:SendCommand'],
        resources: documents.map((name) => `arn:${partition}:ssm:${region}:${account}:document/${name}`),
      },
      {
        actions: ['ssm:SendCommand'],
        resources: [
          `arn:${partition}:ec2:${region}:${account}:instance/*`,
          `arn:${partition}:ssm:${region}:${account}:managed-instance/*`,
        ],
        conditions: { StringEquals: { [`ssm:resourceTag/${optInTag.key}`]: optInTag.value } },
      },
    ]);
  }

  /** How a command that nobody waited for has ended. */
  grantLook(grantee: IGrantable): void {
    this.allow(grantee, [{ actions: ['ssm:ListCommandInvocations'], resources: ['*'] }]);
  }

  /** Ending commands that no run takes care of any more. */
  grantEnd(grantee: IGrantable): void {
    this.allow(grantee, [{ actions: ['ssm:ListCommands', 'ssm:CancelCommand'], resources: ['*'] }]);
  }

  private allow(grantee: IGrantable, statements: PolicyStatementProps[]): void {
    for (const statement of statements) grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
  }
}
