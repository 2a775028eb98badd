import { App, Aspects, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { EmulatorScope } from '../../../lib/emulator/emulator-scope.ts';
import { newOutdir } from '../support/synth.ts';

function statementsOf(...statements: ConstructorParameters<typeof PolicyStatement>[0][]) {
  const stack = new Stack(new App({ outdir: newOutdir() }), 'Stack', { env: { region: 'eu-west-1' } });
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  for (const statement of statements) role.addToPolicy(new PolicyStatement(statement));
  Aspects.of(stack).add(new EmulatorScope());
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policy!.Properties.PolicyDocument.Statement;
}

const one = 'arn:aws:ecs:eu-west-1:111122223333:service/one';
const two = 'arn:aws:ecs:eu-west-1:111122223333:service/two';
const clusters = {
  'Fn::Join': ['', ['arn:aws:ecs:eu-west-1:', { Ref: 'AWS::AccountId' }, ':cluster/faultline-*']],
};

test("ECS statements are widened by Faultline's clusters, and by nothing else", () => {
  expect(statementsOf({ actions: ['ecs:UpdateService'], resources: [one, two] })).toEqual([
    { Action: 'ecs:UpdateService', Effect: 'Allow', Resource: [one, two, clusters] },
  ]);
});

test('a call that is authorized without a resource is allowed on all, others beside it are not', () => {
  const [alone, mixed] = statementsOf(
    { actions: ['cloudwatch:GetDashboard'], resources: [one] },
    { actions: ['cloudwatch:GetDashboard', 'cloudwatch:PutDashboard'], resources: [one] },
  );
  expect([alone.Resource, mixed.Resource]).toEqual(['*', one]);
});

test("an operator's policy, which is a managed one, is adapted as the others are", () => {
  const stack = new Stack(new App({ outdir: newOutdir() }), 'Stack');
  const statement = new PolicyStatement({ actions: ['cloudwatch:GetDashboard'], resources: [one] });
  new ManagedPolicy(stack, 'Policy', { statements: [statement] });
  Aspects.of(stack).add(new EmulatorScope());
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'));
  expect(policy!.Properties.PolicyDocument.Statement).toEqual([
    { Action: 'cloudwatch:GetDashboard', Effect: 'Allow', Resource: '*' },
  ]);
});

test('statements of other services, or mixed with them, keep their resources', () => {
  const [other, mixed] = statementsOf(
    { actions: ['s3:GetObject'], resources: [one] },
    { actions: ['ecs:RunTask', 'iam:PassRole'], resources: [two] },
  );
  expect([other.Resource, mixed.Resource]).toEqual([one, two]);
});

test('conditions on keys that the emulator does not know are dropped, all others stay', () => {
  const [statement] = statementsOf({
    actions: ['ecs:RunTask'],
    resources: [one],
    conditions: {
      ArnEquals: { 'ecs:cluster': 'arn:cluster' },
      StringEquals: { 'cloudwatch:namespace': 'Faultline', 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    },
  });
  expect(statement.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } });
});

test('a statement whose conditions are all unknown has none', () => {
  const [statement] = statementsOf({
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],
    conditions: { StringEquals: { 'cloudwatch:namespace': 'Faultline' } },
  });
  expect(statement).not.toHaveProperty('Condition');
});

test("a condition on a host's tags stays: the fault plane tells them", () => {
  const Condition = { StringEquals: { 'ssm:resourceTag/faultline:opt-in': 'true' } };
  const statement = { actions: ['ssm:SendCommand'], resources: ['*'], conditions: Condition };
  expect(statementsOf(statement)[0]).toMatchObject({ Action: 'ssm:SendCommand', Condition });
});

test('a bucket policy loses what denies plain HTTP and keeps the rest', () => {
  const stack = new Stack(new App({ outdir: newOutdir() }), 'Stack');
  const bucket = new Bucket(stack, 'Bucket', { enforceSSL: true });
  bucket.addToResourcePolicy(
    new PolicyStatement({
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects('*')],
      principals: [new ArnPrincipal('arn:aws:iam::111122223333:role/reader')],
    }),
  );
  Aspects.of(stack).add(new EmulatorScope());
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::S3::BucketPolicy'));
  const statements = policy!.Properties.PolicyDocument.Statement;
  expect(statements.map((s: { Action: string }) => s.Action)).toEqual(['s3:GetObject']);
});
