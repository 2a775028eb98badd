import type { Template } from 'aws-cdk-lib/assertions';
import { parse } from 'yaml';
import { nameOf, readable } from '../support/readable.ts';

/** A statement with every reference in it as `${name}`. */
export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

export interface RolePolicy {
  /** The role's logical id without its hash, or the name of a managed policy. */
  role: string;
  statements: Statement[];
}

interface Properties {
  Roles?: unknown[];
  ManagedPolicyName?: string;
  PolicyDocument: { Statement: Statement[] };
}

/** What every role that a template has a policy for may do, by role; and every managed policy. */
export function rolePolicies(template: Template): RolePolicy[] {
  const { Resources } = parse(readable(template.toJSON())) as {
    Resources: Record<string, { Type: string; Properties: Properties }>;
  };
  const found = new Map<string, Statement[]>();
  for (const { Type, Properties } of Object.values(Resources)) {
    if (Type !== 'AWS::IAM::Policy' && Type !== 'AWS::IAM::ManagedPolicy') continue;
    const role = Properties.ManagedPolicyName ?? roleOf(Properties.Roles![0]);
    found.set(role, [...(found.get(role) ?? []), ...Properties.PolicyDocument.Statement.map(named)]);
  }
  return [...found].map(([role, statements]) => ({ role, statements })).sort((a, b) => (a.role < b.role ? -1 : 1));
}

const named = ({ Resource = '*', ...statement }: Statement): Statement => ({
  ...statement,
  Resource: [Resource].flat().map((one) => (typeof one === 'string' ? one : `\${${nameOf(one)}}`)),
});

function roleOf(reference: unknown): string {
  const { Ref, 'Fn::ImportValue': imported } = reference as { Ref?: string; 'Fn::ImportValue'?: string };
  const id = Ref ?? /OutputRef(\w+)/.exec(imported!)![1]!;
  return id.replace(/([0-9A-F]{8}){1,2}$/, '');
}

export interface Request {
  action: string;
  resource: string;
  /** Condition keys and their values. */
  context?: Record<string, string>;
}

/**
 * IAM's own evaluation of identity policies, for what these templates use of it: `*` and `?` in actions and resources,
 * StringEquals, ArnEquals and ArnLike. A condition on a key that the request has no value for does not hold.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function isAllowed(statements: Statement[], request: Request): boolean {
  const matching = statements.filter((statement) => matches(statement, request));
  return matching.length > 0 && matching.every(({ Effect }) => Effect === 'Allow');
}

function matches(
  { Action, Resource = '*', Condition = {} }: Statement,
  { action, resource, context = {} }: Request,
): boolean {
  return (
    [Action].flat().some((pattern) => like(pattern, action)) &&
    [Resource].flat().some((pattern) => like(pattern, resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, [wanted].flat(), context[key])),
    )
  );
}

function holds(operator: string, wanted: string[], actual: string | undefined): boolean {
  if (actual === undefined) return false;
  if (operator === 'StringEquals') return wanted.includes(actual);
  if (operator === 'ArnEquals' || operator === 'ArnLike') return wanted.some((pattern) => like(pattern, actual));
  throw new Error(`this evaluates no ${operator}`);
}

const like = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(text);
