import { ArnFormat, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { optInTag } from '../../lambdas/aws/ecs-services.client.ts';
import { targetsPath } from './targets-path.ts';

/** What the rights on one target need to know of it. */
export interface TargetRights {
  readonly targetId: string;
  /** The database's login. */
  readonly login: ISecret;
  /** Of it, for policies. */
  readonly loginArn: string;
  /** Of its log groups; null where they carry the tag instead. */
  readonly logArn: string | null;
}

/** IAM's own condition, by which an owner lets Faultline touch something, and takes that back. */
export const optedIn = { StringEquals: { [`aws:ResourceTag/${optInTag.key}`]: optInTag.value } };

/**
 * All targets, for the functions that work on whichever one a run names. Services may be scaled where they carry the
 * tag, whoever made them; logins are those of the targets that are given here.
 */
export class Targets extends Construct {
  /** Below it is each target's configuration, by the target's id. */
  readonly path = targetsPath;
  private readonly all: readonly TargetRights[];

  constructor(scope: Construct, id: string, all: readonly TargetRights[]) {
    super(scope, id);
    this.all = all;
  }

  grantReadConfiguration(grantee: IGrantable): void {
    allow(grantee, { actions: ['ssm:GetParameter'], resources: [this.parameters('*')] });
  }

  /** Which targets there are, with their configuration. */
  grantList(grantee: IGrantable): void {
    allow(grantee, { actions: ['ssm:GetParametersByPath'], resources: [this.parameters('').replace(/\/$/, '')] });
  }

  grantDatabaseLogin(grantee: IGrantable): void {
    const resources = this.all.map(({ loginArn }) => loginArn);
    if (resources.length > 0) allow(grantee, { actions: ['secretsmanager:GetSecretValue'], resources });
  }

  /** Also those without the tag: a run on one is refused with that for its reason. */
  grantDescribe(grantee: IGrantable): void {
    allow(grantee, { actions: ['ecs:DescribeServices'], resources: [this.services()] });
    allow(grantee, { actions: ['application-autoscaling:DescribeScalableTargets'], resources: ['*'] });
  }

  /** The right to scale the services that opted in, and no other. */
  grantScale(grantee: IGrantable): void {
    this.grantDescribe(grantee);
    allow(grantee, { actions: ['ecs:UpdateService'], resources: [this.services()], conditions: optedIn });
    const scalableTargets = Stack.of(this).formatArn({
      service: 'application-autoscaling',
      resource: 'scalable-target',
      resourceName: '*',
    });
    allow(grantee, { actions: ['application-autoscaling:RegisterScalableTarget'], resources: [scalableTargets] });
  }

  grantReadLogs(grantee: IGrantable): void {
    const resources = this.all.flatMap(({ logArn }) => logArn ?? []);
    if (resources.length > 0) allow(grantee, { actions: ['logs:FilterLogEvents'], resources });
    if (resources.length === this.all.length) return;
    const anyGroup = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    allow(grantee, { actions: ['logs:FilterLogEvents'], resources: [anyGroup], conditions: optedIn });
  }

  /** The signals that are metrics of CloudWatch, which has no right for one metric alone. */
  grantReadMetrics(grantee: IGrantable): void {
    allow(grantee, { actions: ['cloudwatch:GetMetricData'], resources: ['*'] });
  }

  private services(): string {
    return Stack.of(this).formatArn({ service: 'ecs', resource: 'service', resourceName: '*' });
  }

  private parameters(name: string): string {
    return Stack.of(this).formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName: `${this.path.slice(1)}${name}`,
    });
  }
}

function allow(grantee: IGrantable, statement: PolicyStatementProps): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
}
