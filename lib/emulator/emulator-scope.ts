import { Aws, type IAspect, Stack } from 'aws-cdk-lib';
import { CfnPolicy, type PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

interface Statement {
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/**
 * The emulator authorizes every ECS call that names a cluster against the *cluster's* ARN, where AWS uses the
 * service's, task's or task definition's, and knows no `ecs:cluster` condition key. For a deployment to an emulator
 * this widens ECS statements by the clusters and drops that condition; nothing else of a policy changes.
 */
export class EmulatorEcsScope implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof CfnPolicy)) return;
    const document = (node.policyDocument as PolicyDocument).toJSON() as { Statement: Statement[] };
    const statements = document.Statement.map((s) => {
      const actions = [s.Action].flat();
      if (!actions.every((a) => a.startsWith('ecs:'))) return s;
      const { Condition, ...rest } = s;
      const { 'ecs:cluster': _, ...others } = Condition?.ArnEquals ?? {};
      return {
        ...rest,
        Resource: [rest.Resource, `arn:aws:ecs:${Stack.of(node).region}:${Aws.ACCOUNT_ID}:cluster/faultline-*`].flat(),
        ...(Object.keys(others).length > 0 && { Condition: { ArnEquals: others } }),
      };
    });
    node.policyDocument = { ...document, Statement: statements };
  }
}
