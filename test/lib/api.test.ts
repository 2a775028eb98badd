import { synth } from './support/synth.ts';

const { core } = synth('aws');
const resources = (type: string) => Object.values(core.findResources(type));

test('every method of the API asks IAM, and all of them come to one Lambda', () => {
  const methods = resources('AWS::ApiGateway::Method').map((m) => m.Properties);
  expect(methods.map((m) => [m.HttpMethod, m.AuthorizationType, m.Integration.Type])).toEqual([
    ['ANY', 'AWS_IAM', 'AWS_PROXY'],
    ['ANY', 'AWS_IAM', 'AWS_PROXY'],
  ]);
  const integrations = new Set(methods.map((m) => JSON.stringify(m.Integration.Uri)));
  expect([...integrations]).toEqual([expect.stringContaining('ApiFunction')]);
});

test('its stage is throttled, traced and logs who asked for what', () => {
  core.hasResourceProperties('AWS::ApiGateway::Stage', {
    StageName: 'v1',
    TracingEnabled: true,
    MethodSettings: [
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        ThrottlingRateLimit: 20,
        ThrottlingBurstLimit: 100,
        DataTraceEnabled: false,
      },
    ],
  });
  const [stage] = resources('AWS::ApiGateway::Stage');
  expect(stage!.Properties.AccessLogSetting.Format).toContain('$context.identity.caller');
});

test('its Lambda may start and schedule game-days, read evidence and look at targets, and change nothing of them', () => {
  const policies = resources('AWS::IAM::Policy').filter((p) =>
    JSON.stringify(p.Properties.Roles).includes('ApiFunctionRole'),
  );
  const actions = policies.flatMap((p) =>
    p.Properties.PolicyDocument.Statement.flatMap((s: { Action: string }) => s.Action),
  );
  expect(actions.filter((a: string) => !/^(xray|logs):/.test(a)).sort()).toEqual([
    'application-autoscaling:DescribeScalableTargets',
    'cloudwatch:DescribeAlarms',
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'dynamodb:UpdateItem',
    'ecs:DescribeServices',
    'iam:PassRole',
    's3:GetObject',
    's3:ListBucket',
    'scheduler:CreateSchedule',
    'scheduler:DeleteSchedule',
    'scheduler:UpdateSchedule',
    'ssm:DescribeInstanceInformation',
    'ssm:GetParameter',
    'ssm:GetParametersByPath',
    'states:StartExecution',
  ]);
});

test('an operator uses the API and cannot go round it', () => {
  const [policy] = resources('AWS::IAM::ManagedPolicy').filter(
    (p) => p.Properties.ManagedPolicyName === 'faultline-operator',
  );
  const statements: { Action: string | string[]; Resource: unknown }[] = policy!.Properties.PolicyDocument.Statement;
  const actions = statements.flatMap(({ Action }) => Action);
  expect(actions).toContain('execute-api:Invoke');
  for (const action of actions) expect(action).not.toMatch(/StartExecution|StopExecution|PutItem|UpdateItem/);
  // The one that draws the dashboard's table, which CloudWatch has called by whoever looks at it.
  const invoking = statements.filter(({ Action }) => [Action].flat().includes('lambda:InvokeFunction'));
  expect(invoking.map(({ Resource }) => JSON.stringify(Resource))).toEqual([
    expect.stringMatching(/function:faultline-scorecard"/),
  ]);
});
