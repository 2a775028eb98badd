import { synth } from '../support/synth.ts';
import { isAllowed, type Request, rolePolicies } from './statements.ts';

const { core, load, dashboards, sample } = synth('aws');
const policies = new Map(
  [core, load, dashboards, sample].flatMap(rolePolicies).map(({ role, statements }) => [role, statements]),
);
const asks = (role: string, request: Request): boolean => {
  const statements = policies.get(role);
  if (!statements) throw new Error(`no policies of '${role}'; there are those of ${[...policies.keys()].join(', ')}`);
  return isAllowed(statements, request);
};

/** As a template's text has what only the deployment knows. */
const of = (name: string) => `\${${name}}`;
const [here, account] = ['us-east-1', of('AWS::AccountId')];
const arn = (service: string, rest: string) => `arn:\${AWS::Partition}:${service}:${here}:${account}:${rest}`;
const tagged = { 'aws:ResourceTag/faultline:opt-in': 'true' };
const hostTagged = { 'ssm:resourceTag/faultline:opt-in': 'true' };
const instance = arn('ec2', 'instance/i-0a1b2c3d');
const document = (name: string) => arn('ssm', `document/${name}`);
const service = arn('ecs', 'service/shop/database');
const evidence = of('EvidenceBucketC67FF768.Arn');

/** What a role is for, and beside it what is just not. */
const cases: [role: string, what: string, granted: Request | null, denied: Request][] = [
  [
    'StepsInjectRole',
    'scales a service without the tag',
    { action: 'ecs:UpdateService', resource: service, context: tagged },
    { action: 'ecs:UpdateService', resource: service },
  ],
  [
    'StepsInjectRole',
    'scales a service whose tag says no',
    null,
    { action: 'ecs:UpdateService', resource: service, context: { 'aws:ResourceTag/faultline:opt-in': 'false' } },
  ],
  ['StepsInjectRole', 'deletes a service', null, { action: 'ecs:DeleteService', resource: service, context: tagged }],
  [
    'StepsInjectRole',
    'sends a document to a host without the tag',
    { action: 'ssm:SendCommand', resource: instance, context: hostTagged },
    { action: 'ssm:SendCommand', resource: instance },
  ],
  [
    'StepsInjectRole',
    "sends AWS' shell document",
    { action: 'ssm:SendCommand', resource: document('Faultline-NetworkLatency') },
    { action: 'ssm:SendCommand', resource: arn('ssm', 'document/AWS-RunShellScript') },
  ],
  [
    'StepsInjectRole',
    'sends a public shell document',
    null,
    { action: 'ssm:SendCommand', resource: `arn:\${AWS::Partition}:ssm:${here}::document/AWS-RunShellScript` },
  ],
  [
    'StepsInjectRole',
    "hands a role of somebody's to a task",
    null,
    {
      action: 'iam:PassRole',
      resource: `arn:\${AWS::Partition}:iam::${account}:role/admin`,
      context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    },
  ],
  [
    'StepsInjectRole',
    "hands a task's role to a Lambda",
    {
      action: 'iam:PassRole',
      resource: of('SlowQueryTaskRole7736BB97.Arn'),
      context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    },
    {
      action: 'iam:PassRole',
      resource: of('SlowQueryTaskRole7736BB97.Arn'),
      context: { 'iam:PassedToService': 'lambda.amazonaws.com' },
    },
  ],
  [
    'StepsInjectRole',
    'starts a task that is no fault',
    null,
    { action: 'ecs:RunTask', resource: arn('ecs', 'task-definition/payments:7') },
  ],
  [
    'StepsInjectRole',
    'reads a login that no target has',
    null,
    { action: 'secretsmanager:GetSecretValue', resource: arn('secretsmanager', 'secret:payments/db-AbCdEf') },
  ],
  [
    'StepsInjectRole',
    'reads evidence',
    null,
    { action: 's3:GetObject', resource: `${evidence}/runs/r/windows/1.jsonl` },
  ],
  [
    'StepsProveLandedRole',
    'injects a fault',
    { action: 'ssm:SendCommand', resource: document('Faultline-Status') },
    { action: 'ssm:SendCommand', resource: document('Faultline-ProcessKill') },
  ],
  [
    'StepsProveGoneRole',
    'scales a service',
    { action: 'ecs:DescribeServices', resource: service },
    { action: 'ecs:UpdateService', resource: service, context: tagged },
  ],
  [
    'StepsRevertRole',
    'injects a fault',
    { action: 'ssm:SendCommand', resource: document('Faultline-Revert') },
    { action: 'ssm:SendCommand', resource: document('Faultline-MemoryPressure') },
  ],
  ['StepsObserveRole', 'scales a service', null, { action: 'ecs:UpdateService', resource: service, context: tagged }],
  [
    'StepsWatchRole',
    'writes evidence',
    { action: 's3:GetObject', resource: `${evidence}/runs/r/hosts/1.jsonl` },
    { action: 's3:PutObject', resource: `${evidence}/runs/r/windows/1.jsonl` },
  ],
  [
    'StepsWatchRole',
    "publishes another's metrics",
    { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': 'Faultline' } },
    { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': 'AWS/ECS' } },
  ],
  [
    'StepsAnalyseRole',
    'reads a backup',
    { action: 's3:GetObject', resource: `${evidence}/runs/r/windows/1.jsonl` },
    { action: 's3:GetObject', resource: `${evidence}/backups/shop/1.sql` },
  ],
  ['StepsPrepareRole', 'scales a service', null, { action: 'ecs:UpdateService', resource: service, context: tagged }],
  [
    'StepsStartLoadRole',
    'sends a fault to a host',
    { action: 'ssm:SendCommand', resource: document('Faultline-Sampler') },
    { action: 'ssm:SendCommand', resource: document('Faultline-CpuSaturation') },
  ],
  [
    'ApiFunctionRole',
    'injects by itself',
    null,
    { action: 'ssm:SendCommand', resource: instance, context: hostTagged },
  ],
  ['ApiFunctionRole', 'scales by itself', null, { action: 'ecs:UpdateService', resource: service, context: tagged }],
  [
    'ApiFunctionRole',
    "makes a schedule in another's group",
    { action: 'scheduler:CreateSchedule', resource: arn('scheduler', 'schedule/faultline/weekly') },
    { action: 'scheduler:CreateSchedule', resource: arn('scheduler', 'schedule/default/weekly') },
  ],
  ['ReaperFunctionRole', 'writes records', null, { action: 'dynamodb:PutItem', resource: of('RunsTable96AAA230.Arn') }],
  [
    'faultline-operator',
    'starts a machine past the API',
    null,
    { action: 'states:StartExecution', resource: of('GameDayMachine4B2503F8') },
  ],
  [
    'faultline-operator',
    'writes records past the API',
    null,
    { action: 'dynamodb:UpdateItem', resource: of('RunsTable96AAA230.Arn') },
  ],
  [
    'faultline-operator',
    'reads a backup',
    { action: 's3:GetObject', resource: `${evidence}/game-days/g/report.json` },
    { action: 's3:GetObject', resource: `${evidence}/backups/shop/1.sql` },
  ],
  [
    'LoadMasterTaskRole',
    'reads what was measured',
    { action: 's3:PutObject', resource: `${evidence}/runs/r/windows/1.jsonl` },
    { action: 's3:GetObject', resource: `${evidence}/runs/r/windows/1.jsonl` },
  ],
  [
    'LoadMasterTaskRole',
    'deletes a record',
    { action: 'dynamodb:PutItem', resource: of('RunsTable96AAA230.Arn') },
    { action: 'dynamodb:DeleteItem', resource: of('RunsTable96AAA230.Arn') },
  ],
  [
    'TargetHostRole',
    'sends commands',
    { action: 'ssmmessages:OpenDataChannel', resource: '*' },
    { action: 'ssm:SendCommand', resource: instance, context: hostTagged },
  ],
  ['DashboardScorecardRole', 'writes records', null, { action: 'dynamodb:PutItem', resource: '*' }],
];

test.each(cases)('%s: who %s is denied', (role, _what, granted, denied) => {
  if (granted) expect([granted, asks(role, granted)]).toEqual([granted, true]);
  expect([denied, asks(role, denied)]).toEqual([denied, false]);
});

test('what is denied is counted', () => {
  process.stdout.write(
    `IAM: ${cases.length} actions denied by the policies of ${new Set(cases.map(([role]) => role)).size} roles\n`,
  );
  expect(cases.length).toBeGreaterThanOrEqual(30);
});
