import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { availableScenarios } from '../../lambdas/scenarios/registry.ts';
import { tableKeys } from '../lambdas/support/store.ts';
import { faultlinePython } from '../support/python.ts';
import { synth } from './support/synth.ts';

const aws = synth('aws');
const local = synth('local');
/** What an emulator gets, for an account. */
const own = synth('aws', {
  targets: 'none',
  vpc: 'vpc-0a1b2c3d',
  subnets: 'subnet-0a1b2c3d',
  loadFrom: 'public',
  loadSubnets: 'subnet-0f0f0f0f',
  endpoints: 'yes',
  vpcCidr: '10.0.0.0/16',
  spot: 'yes',
});
const asLocal = synth('aws', { appOn: 'service', durableCache: 'no' });

test.each([
  ['aws', aws],
  ['own targets', own],
  ['local', local],
])(
  'cfn-lint has nothing to say about the templates for %s',
  (mode, { outdir }) => {
    const templates = readdirSync(outdir)
      .filter((f) => f.endsWith('.template.json'))
      .map((f) => join(outdir, f));
    expect(templates).toHaveLength(mode === 'local' ? 4 : 5);
    const lint = join(dirname(faultlinePython()), 'cfn-lint');
    // W3005: the CDK states dependencies that a GetAtt implies already.
    const said = execFileSync(lint, ['--ignore-checks', 'W3005', '--', ...templates], { encoding: 'utf8' });
    expect(said.trim()).toBe('');
    process.stdout.write(`cfn-lint: 0 errors and warnings in ${templates.length} templates for ${mode}\n`);
  },
  120_000,
);

test('there is one state machine for each available scenario, and the game-day above them', () => {
  const names = Object.values(aws.core.findResources('AWS::StepFunctions::StateMachine')).map(
    (m) => m.Properties.StateMachineName,
  );
  expect(names.sort()).toEqual(
    [
      ...availableScenarios.map((s) => `faultline-${s.id}`),
      'faultline-clean-up',
      'faultline-game-day',
      'faultline-game-day-close',
      'faultline-scheduled-start',
    ].sort(),
  );
});

test('the table keeps what matters: conditional writes need its keys, old runs expire, and it can be restored', () => {
  aws.core.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    KeySchema: tableKeys.map(({ AttributeName, KeyType }) => ({ AttributeName, KeyType })),
    AttributeDefinitions: tableKeys.map(({ AttributeName, AttributeType }) => ({ AttributeName, AttributeType })),
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  });
  const [table] = Object.values(aws.core.findResources('AWS::DynamoDB::GlobalTable'));
  expect(table!.Properties.Replicas[0].PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
});

interface Statement {
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

const statements = (template: Template): Statement[] =>
  Object.values(template.findResources('AWS::IAM::Policy')).flatMap((p) => p.Properties.PolicyDocument.Statement);

const allowing = (template: Template, action: string) =>
  statements(template).filter((s) => [s.Action].flat().includes(action));

test('only the fault steps may scale services, and only those that carry the tag', () => {
  const scaling = allowing(aws.core, 'ecs:UpdateService');
  expect(scaling).toHaveLength(2);
  for (const { Action, Resource, Condition } of scaling) {
    expect(Action).toBe('ecs:UpdateService');
    expect(JSON.stringify(Resource)).toMatch(/:service\//);
    expect(Condition).toEqual({ StringEquals: { 'aws:ResourceTag/faultline:opt-in': 'true' } });
  }
});

test('only the fault steps may start what blocks a database, in its own cluster and with its own roles', () => {
  const [running, ...others] = allowing(aws.core, 'ecs:RunTask').filter(({ Resource }) =>
    JSON.stringify(Resource).includes('slow-query'),
  );
  expect(others).toEqual([]);
  expect(JSON.stringify(running!.Condition)).toContain('SlowQueryCluster');
  const passing = allowing(aws.core, 'iam:PassRole').filter(({ Resource }) =>
    JSON.stringify(Resource).includes('SlowQ'),
  );
  expect(passing).toHaveLength(1);
  expect([passing[0]!.Resource].flat()).toHaveLength(2);
  const stopping = allowing(aws.core, 'ecs:StopTask').filter(({ Resource }) =>
    JSON.stringify(Resource).includes('SlowQ'),
  );
  expect(stopping).toHaveLength(2);
});

test('conditions that the emulator does not know are there on AWS, and only they are missing locally', () => {
  expect(allowing(aws.core, 'cloudwatch:PutMetricData')[0]!.Condition).toEqual({
    StringEquals: { 'cloudwatch:namespace': 'Faultline' },
  });
  expect(allowing(local.core, 'cloudwatch:PutMetricData')[0]!.Condition).toBeUndefined();
  expect(JSON.stringify(allowing(aws.core, 'ecs:RunTask'))).toContain('ecs:cluster');
  expect(JSON.stringify(allowing(local.core, 'ecs:RunTask'))).not.toContain('ecs:cluster');
  expect(allowing(local.core, 'iam:PassRole')[0]!.Condition).toEqual(allowing(aws.core, 'iam:PassRole')[0]!.Condition);
});

test('the local template differs from the one for an account in nothing but policies and asset parameters', () => {
  const types = (t: Template) => {
    const { Resources } = t.toJSON() as { Resources: Record<string, { Type: string }> };
    return Object.entries(Resources)
      .map(([id, r]) => `${id} ${r.Type}`)
      .sort();
  };
  for (const stack of ['core', 'load', 'dashboards'] as const)
    expect(types(local[stack])).toEqual(types(asLocal[stack]));
  const flowLogs = (line: string) => /FlowLog/.test(line);
  expect(types(local.sample)).toEqual(types(asLocal.sample).filter((line) => !flowLogs(line)));
});

test('every Lambda may write its own log, and one in the VPC may take a network interface', () => {
  const roles = (template: Template, action: string) =>
    Object.values(template.findResources('AWS::IAM::Policy'))
      .filter((p) => p.Properties.PolicyDocument.Statement.some((s: Statement) => [s.Action].flat().includes(action)))
      .flatMap((p) => p.Properties.Roles.map((r: { Ref: string }) => r.Ref));
  const functions = Object.values(aws.core.findResources('AWS::Lambda::Function')).filter(
    (f) => f.Properties.TracingConfig,
  );
  expect(functions.length).toBeGreaterThan(15);
  for (const f of functions) {
    const role = f.Properties.Role['Fn::GetAtt'][0];
    expect(roles(aws.core, 'logs:PutLogEvents')).toContain(role);
    expect(roles(aws.core, 'ec2:CreateNetworkInterface').includes(role)).toBe(f.Properties.VpcConfig !== undefined);
  }
});

test('a Lambda never outlives the state that invokes it', () => {
  const timeouts = new Map(
    Object.entries(aws.core.findResources('AWS::Lambda::Function')).map(([id, f]) => [
      id,
      f.Properties.Timeout as number,
    ]),
  );
  let checked = 0;
  for (const machine of Object.values(aws.core.findResources('AWS::StepFunctions::StateMachine'))) {
    for (const state of tasksOf(machine.Properties.DefinitionString)) {
      expect(timeouts.get(state.functionId)!).toBeLessThan(state.timeout);
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(40);
});

/** The Lambda tasks of a definition: which function, and the state's time-out. The definition is a `Fn::Join`. */
function tasksOf(definition: { 'Fn::Join': [string, unknown[]] }): { functionId: string; timeout: number }[] {
  const parts = definition['Fn::Join'][1].map((p) => (typeof p === 'string' ? p : JSON.stringify(p)));
  const text = parts.map((p) => (p.startsWith('{"Fn::GetAtt"') ? JSON.parse(p)['Fn::GetAtt'][0] : p)).join('');
  return [...text.matchAll(/"TimeoutSeconds":(\d+),"Arguments":\{"FunctionName":"(\w+)"/g)].map((m) => ({
    functionId: m[2]!,
    timeout: Number(m[1]),
  }));
}
