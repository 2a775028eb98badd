import { Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { SampleTarget } from '../sample-target/sample-target.ts';
import { targetsPath } from './targets-path.ts';

/**
 * All targets, for the functions that work on whichever one a run names. One statement lists what it allows of all
 * of them: a role's policies are limited in size.
 */
export class Targets extends Construct {
  /** Below it is each target's configuration, by the target's id. */
  readonly path = targetsPath;
  private readonly all: readonly SampleTarget[];

  constructor(scope: Construct, id: string, all: readonly SampleTarget[]) {
    super(scope, id);
    this.all = all;
  }

  grantReadConfiguration(grantee: IGrantable): void {
    allow(grantee, ['ssm:GetParameter'], [this.parameters('*')]);
  }

  /** Which targets there are, with their configuration. */
  grantList(grantee: IGrantable): void {
    allow(grantee, ['ssm:GetParametersByPath'], [this.parameters('').replace(/\/$/, '')]);
  }

  private parameters(name: string): string {
    return Stack.of(this).formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName: `${this.path.slice(1)}${name}`,
    });
  }

  grantDatabaseLogin(grantee: IGrantable): void {
    allow(grantee, ['secretsmanager:GetSecretValue'], this.of('loginArn'));
  }

  grantDescribe(grantee: IGrantable): void {
    allow(grantee, ['ecs:DescribeServices'], this.of('scalableArns'));
    allow(grantee, ['application-autoscaling:DescribeScalableTargets'], ['*']);
  }

  /** The right to scale the services of the targets that opted in, and no other. */
  grantScale(grantee: IGrantable): void {
    this.grantDescribe(grantee);
    allow(grantee, ['ecs:UpdateService'], this.of('scalableArns'));
    const scalableTargets = Stack.of(this).formatArn({
      service: 'application-autoscaling',
      resource: 'scalable-target',
      resourceName: '*',
    });
    allow(grantee, ['application-autoscaling:RegisterScalableTarget'], [scalableTargets]);
  }

  grantReadLogs(grantee: IGrantable): void {
    allow(grantee, ['logs:FilterLogEvents'], this.of('logArn'));
  }

  private of(name: 'loginArn' | 'scalableArns' | 'logArn'): string[] {
    return this.all.flatMap((target) => target[name]);
  }
}

function allow(grantee: IGrantable, actions: string[], resources: string[]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
}
