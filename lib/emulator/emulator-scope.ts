import { Aws, type IAspect, Stack } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnPolicy, type PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { optInTag } from '../../lambdas/aws/ecs-services.client.ts';

interface Statement {
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** Statements of one service alone hold for this as well. */
interface Wider {
  service: string;
  arn: string;
}

/** Condition keys that the emulator's evaluator does not know, or finds no value for: it denies what they guard. */
const unknownKeys = [`aws:ResourceTag/${optInTag.key}`, 'ecs:cluster', 'cloudwatch:namespace', 'events:source'];

/** Calls that the emulator authorizes without a resource, where AWS has one. */
const withoutResource = ['cloudwatch:GetDashboard', 'ssm:GetParametersByPath'];

/**
 * What the emulator's IAM cannot express, for deployments to it alone. It authorizes every ECS call that names a
 * cluster against the *cluster's* ARN, where AWS uses the service's, task's or task definition's: ECS statements are
 * widened by Faultline's clusters. It takes every schedule for one of the default group. Calls that it authorizes without a resource are allowed on all. Conditions on keys that it does not know are dropped, and what
 * denies plain HTTP. Nothing else changes.
 */
export class EmulatorScope implements IAspect {
  visit(node: IConstruct): void {
    if (node instanceof CfnBucketPolicy || node instanceof CfnTopicPolicy || node instanceof CfnQueuePolicy) {
      withoutTls(node);
    }
    if (!(node instanceof CfnPolicy || node instanceof CfnManagedPolicy)) return;
    const document = (node.policyDocument as PolicyDocument).toJSON() as { Statement: Statement[] };
    const { region } = Stack.of(node);
    const wider = [
      { service: 'ecs', arn: `arn:aws:ecs:${region}:${Aws.ACCOUNT_ID}:cluster/faultline-*` },
      { service: 'scheduler', arn: `arn:aws:scheduler:${region}:${Aws.ACCOUNT_ID}:schedule/default/*` },
    ];
    node.policyDocument = { ...document, Statement: document.Statement.map((s) => adapt(s, wider)) };
  }
}

/** The emulator speaks plain HTTP on loopback: statements that deny that are dropped. */
function withoutTls(node: CfnBucketPolicy | CfnTopicPolicy | CfnQueuePolicy): void {
  const document = (node.policyDocument as PolicyDocument).toJSON() as { Statement: Statement[] };
  const kept = document.Statement.filter((s) => !('aws:SecureTransport' in (s.Condition?.Bool ?? {})));
  node.policyDocument = { ...document, Statement: kept };
}

function adapt({ Condition, ...statement }: Statement, wider: Wider[]): Statement {
  const conditions = Object.entries(Condition ?? {})
    .map(([operator, keys]): [string, Record<string, unknown>] => [
      operator,
      Object.fromEntries(Object.entries(keys).filter(([key]) => !unknownKeys.includes(key))),
    ])
    .filter(([, keys]) => Object.keys(keys).length > 0);
  return {
    ...statement,
    Resource: resourceOf(statement, wider),
    ...(conditions.length > 0 && { Condition: Object.fromEntries(conditions) }),
  };
}

function resourceOf({ Action, Resource }: Statement, wider: Wider[]): unknown {
  const actions = [Action].flat();
  if (actions.every((action) => withoutResource.includes(action))) return '*';
  const also = wider.find(({ service }) => actions.every((action) => action.startsWith(`${service}:`)));
  return also ? [Resource, also.arn].flat() : Resource;
}
