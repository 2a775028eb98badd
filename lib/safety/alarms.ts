import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Of the account: which ones are stop conditions is the target's configuration; composite alarms need `*`. */
export function grantReadAlarms({ grantPrincipal }: IGrantable): void {
  grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }),
  );
}
