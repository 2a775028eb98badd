import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, CreateLogGroupCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type LocalStack, startLocalStack } from '../../../infra/local/stack.ts';
import { environmentOf } from '../../support/e2e-processes.ts';
import { freePort } from '../../support/services.ts';
import { connect, eventually, isAlive, node, python, query, repository } from './probe.ts';

const cluster = 'main';
// As a generated one may be: what a shell, SQL or a URL could take for its own.
const databasePassword = String.raw`it's\n "a" \c $HOME %s {x}`;
const databaseUrl = `postgres://app:${encodeURIComponent(databasePassword)}@database.faultline.internal/shop`;
const singleWriter = { minimumHealthyPercent: 0, maximumPercent: 100 };
const maxTasks = 6;

let stack: LocalStack;
let ecs: ECSClient;

const settings = (credentials = stack.root) => ({ endpoint: stack.endpoint, region: stack.region, credentials });

beforeAll(async () => {
  stack = await startLocalStack({
    python,
    port: await freePort(),
    maxTasks,
    images: {
      'test/stubborn': { entryPoint: ['/bin/sh', '-c', "trap '' TERM; while :; do sleep 0.1; done"] },
      'test/sleep': { entryPoint: ['/bin/sleep', '100'], stopSignal: 'SIGKILL' },
      'test/node': { entryPoint: [node, '-e'], workingDirectory: repository },
    },
  });
  ecs = new ECSClient(settings());
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
}, 60_000);

afterAll(() => stack?.stop());

type Container = NonNullable<RegisterTaskDefinitionCommandInput['containerDefinitions']>[number];

async function define(family: string, container: Container, more: Partial<RegisterTaskDefinitionCommandInput> = {}) {
  const command = new RegisterTaskDefinitionCommand({
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    containerDefinitions: [{ name: 'main', ...container }],
    ...more,
  });
  return (await ecs.send(command)).taskDefinition!.taskDefinitionArn!;
}

async function run(family: string, container: Container, more?: Partial<RegisterTaskDefinitionCommandInput>) {
  const taskDefinition = await define(family, container, more);
  const answer = await ecs.send(new RunTaskCommand({ cluster, taskDefinition, launchType: 'FARGATE' }));
  return answer.tasks![0]!.taskArn!;
}

async function createRole(RoleName: string, Service: string): Promise<string> {
  const Statement = [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const { Role } = await new IAMClient(settings()).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  return Role!.Arn!;
}

const describe1 = async (arn: string): Promise<Task> =>
  (await ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn] }))).tasks![0]!;

const serviceOf = async (name: string) =>
  (await ecs.send(new DescribeServicesCommand({ cluster, services: [name] }))).services![0]!;

const whenStatus = (arn: string, status: string) =>
  eventually(`${arn} is ${status}`, async () => {
    const task = await describe1(arn);
    return task.lastStatus === status && task;
  });

const addressOf = (task: Task) => task.containers![0]!.networkInterfaces![0]!.privateIpv4Address!;

/** The running task of a service, and its process. */
async function runningTask(service: string) {
  return eventually(`${service} runs`, async () => {
    const task = (await stack.tasks()).find((one) => one.service === service && one.lastStatus === 'RUNNING');
    return task && { arn: task.taskArn, address: task.address!, pid: task.containers[0]!.pid! };
  });
}

const scale = (service: string, desiredCount: number) =>
  ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount }));

const noneRuns = (service: string) =>
  eventually(`no task of ${service} runs`, async () => {
    const left = (await stack.tasks()).filter((task) => task.service === service && task.lastStatus !== 'STOPPED');
    return left.length === 0 && (await serviceOf(service)).runningCount === 0;
  });

describe('a database service', () => {
  beforeAll(async () => {
    const taskDefinition = await define(
      'database',
      {
        image: 'postgres:18',
        command: ['-c', 'max_connections=20'],
        environment: Object.entries({
          POSTGRES_USER: 'app',
          POSTGRES_PASSWORD: databasePassword,
          POSTGRES_DB: 'shop',
        }).map(([name, value]) => ({ name, value })),
        mountPoints: [{ sourceVolume: 'data', containerPath: '/var/lib/postgresql' }],
      },
      { volumes: [{ name: 'data' }] },
    );
    await ecs.send(
      new CreateServiceCommand({
        cluster,
        serviceName: 'database',
        taskDefinition,
        desiredCount: 1,
        launchType: 'FARGATE',
        deploymentConfiguration: singleWriter,
      }),
    );
    await runningTask('database');
    await eventually('Postgres answers', () => query(stack, databaseUrl, 'select 1').catch(() => undefined));
  }, 40_000);

  afterAll(() => ecs.send(new DeleteServiceCommand({ cluster, service: 'database', force: true })));

  test('answers at its name, with the arguments and the login of its task definition', async () => {
    expect(await query(stack, databaseUrl, 'show max_connections')).toEqual([{ max_connections: '20' }]);
    await expect(
      query(stack, databaseUrl.replace(encodeURIComponent(databasePassword), 'wrong'), 'select 1'),
    ).rejects.toThrow(/password/);
    expect(await serviceOf('database')).toMatchObject({
      runningCount: 1,
      pendingCount: 0,
      deployments: [{ runningCount: 1, rolloutState: 'COMPLETED' }],
    });
  });

  test('scaled to 0 has no process, no name and an address that times out; scaled back it has its data at another', async () => {
    await query(stack, databaseUrl, 'create table kept as select 42 as answer');
    const before = await runningTask('database');
    expect(isAlive(before.pid)).toBe(true);
    const other = await run('neighbour', { image: 'test/sleep' });
    await whenStatus(other, 'RUNNING');
    expect(await connect(stack, before.address, 5432, other)).toBe('connected');

    await scale('database', 0);
    await noneRuns('database');
    expect(isAlive(before.pid)).toBe(false);
    expect(await connect(stack, before.address, 5432)).toBe('timeout');
    expect(await connect(stack, before.address, 5432, other)).toBe('timeout');
    expect(await connect(stack, 'database.faultline.internal', 5432, other)).toBe('ENOTFOUND');
    expect(await describe1(before.arn)).toMatchObject({ stopCode: 'ServiceSchedulerInitiated', lastStatus: 'STOPPED' });

    await scale('database', 1);
    const after = await runningTask('database');
    expect(after.address).not.toBe(before.address);
    const rows = await eventually('it answers again', () =>
      query(stack, databaseUrl, 'select answer from kept').catch(() => undefined),
    );
    expect(rows).toEqual([{ answer: 42 }]);
    await ecs.send(new StopTaskCommand({ cluster, task: other }));
  }, 40_000);

  test('is replaced when its process is killed, and the dead task tells so', async () => {
    const before = await runningTask('database');
    process.kill(before.pid, 'SIGKILL');
    expect(await whenStatus(before.arn, 'STOPPED')).toMatchObject({
      stopCode: 'EssentialContainerExited',
      containers: [{ exitCode: 137 }],
    });
    const after = await runningTask('database');
    expect(after.address).not.toBe(before.address);
    await eventually('it answers again', () => query(stack, databaseUrl, 'select 1').catch(() => undefined));
  }, 30_000);

  test('as a single writer has its old process gone before the new one starts', async () => {
    const before = await runningTask('database');
    await ecs.send(new UpdateServiceCommand({ cluster, service: 'database', forceNewDeployment: true }));
    const after = await eventually('the new deployment runs', async () => {
      const task = await runningTask('database');
      return task.arn !== before.arn && task;
    });
    const [old, fresh] = [await describe1(before.arn), await describe1(after.arn)];
    expect(old.stoppedAt!.getTime()).toBeLessThanOrEqual(fresh.pullStartedAt!.getTime());
  }, 30_000);

  test('cannot be scaled by one who may only look', async () => {
    const iam = new IAMClient(settings());
    const UserName = 'onlooker';
    await iam.send(new CreateUserCommand({ UserName }));
    const Statement = [{ Effect: 'Allow', Action: 'ecs:Describe*', Resource: '*' }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'look', PolicyDocument }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
    const describe = new DescribeServicesCommand({ cluster, services: ['database'] });

    const onlooker = new ECSClient(settings(credentials));
    expect((await onlooker.send(describe)).services).toMatchObject([{ runningCount: 1 }]);
    const update = new UpdateServiceCommand({ cluster, service: 'database', desiredCount: 0 });
    await expect(onlooker.send(update)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(await serviceOf('database')).toMatchObject({ desiredCount: 1, runningCount: 1 });

    const forger = new ECSClient(settings({ ...credentials, secretAccessKey: 'guessed' }));
    await expect(forger.send(describe)).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  });
});

test.each(['test', '000000000000', undefined])('the access key %s is not a way in', async (key) => {
  const authorization = `AWS4-HMAC-SHA256 Credential=${key}/20260101/us-east-1/ecs/aws4_request, SignedHeaders=host, Signature=0`;
  const target = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' };
  for (const path of ['/', '/_ministack/reset']) {
    const headers = { ...target, ...(key && { authorization }) };
    expect((await fetch(`${stack.endpoint}${path}`, { method: 'POST', headers, body: '{}' })).status).toBe(403);
  }
});

test('a cache answers at its own address', async () => {
  const arn = await run('cache', { image: 'redis:7', command: ['redis-server', '--save', ''] });
  const address = addressOf(await whenStatus(arn, 'RUNNING'));
  const ping = `const s = require('net').connect(6379, '${address}', () => s.write('PING\\r\\n')); s.on('data', (d) => { console.log(String(d)); process.exit(); });`;
  await eventually('Redis answers', async () => (await connect(stack, address, 6379)) === 'connected');
  expect((await stack.exec([node, '-e', ping])).stdout.trim()).toBe('+PONG');
  await ecs.send(new StopTaskCommand({ cluster, task: arn, reason: 'seen enough' }));
  expect(await whenStatus(arn, 'STOPPED')).toMatchObject({
    stopCode: 'UserInitiated',
    stoppedReason: 'seen enough',
    containers: [{ exitCode: 0 }],
  });
}, 30_000);

test('a process that ignores its stop signal is killed when its stopTimeout is over', async () => {
  const arn = await run('stubborn', { image: 'test/stubborn', stopTimeout: 2 });
  await whenStatus(arn, 'RUNNING');
  const answer = await ecs.send(new StopTaskCommand({ cluster, task: arn }));
  expect(answer.task).toMatchObject({ desiredStatus: 'STOPPED', lastStatus: expect.not.stringMatching('STOPPED') });
  const task = await whenStatus(arn, 'STOPPED');
  expect(task.containers![0]!.exitCode).toBe(137);
  const seconds = (task.executionStoppedAt!.getTime() - task.stoppingAt!.getTime()) / 1000;
  expect(seconds).toBeGreaterThan(1.9);
  expect(seconds).toBeLessThan(4);
}, 30_000);

test('a task of an unknown image stops and says why', async () => {
  const arn = await run('unknown', { image: 'no/such-image:1' });
  expect(await whenStatus(arn, 'STOPPED')).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringMatching(/^CannotPullContainerError.*no\/such-image:1/),
  });
});

test('RunTask starts what there is room for and answers the rest as failures', async () => {
  const existing = (await stack.tasks()).filter(({ lastStatus }) => lastStatus !== 'STOPPED').length;
  const taskDefinition = await define('many', { image: 'test/sleep' });
  const answer = await ecs.send(new RunTaskCommand({ cluster, taskDefinition, count: 9, startedBy: 'crowd' }));
  expect(answer.tasks).toHaveLength(maxTasks - existing);
  expect(answer.failures).toHaveLength(9 - (maxTasks - existing));
  expect(answer.failures![0]!.reason).toMatch(/^Capacity is unavailable/);
  const listed = await ecs.send(new ListTasksCommand({ cluster, startedBy: 'crowd' }));
  expect(listed.taskArns!.toSorted()).toEqual(answer.tasks!.map(({ taskArn }) => taskArn!).toSorted());
  for (const { taskArn } of answer.tasks!) await ecs.send(new StopTaskCommand({ cluster, task: taskArn }));
  for (const { taskArn } of answer.tasks!) await whenStatus(taskArn!, 'STOPPED');
}, 30_000);

test('a Lambda is sent to the fault plane for ECS and DynamoDB and asks the network for names, on the Node version of the project', async () => {
  const folder = join(stack.stateDir, 'function');
  mkdirSync(folder);
  const code = `const { lookup } = require('dns/promises');
    exports.handler = async ({ name }) => ({ node: process.version, ecs: process.env.AWS_ENDPOINT_URL_ECS,
      dynamodb: process.env.AWS_ENDPOINT_URL_DYNAMODB,
      found: await lookup(name).then(() => true, (e) => e.code) });`;
  writeFileSync(join(folder, 'index.js'), code);
  const zip = join(folder, 'code.zip');
  execFileSync(python, ['-m', 'zipfile', '-c', zip, join(folder, 'index.js')]);
  const lambda = new LambdaClient(settings());
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'asker',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: await createRole('asker', 'lambda.amazonaws.com'),
      Code: { ZipFile: readFileSync(zip) },
    }),
  );
  const Payload = JSON.stringify({ name: 'nothing.faultline.internal' });
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'asker', Payload }));
  expect(JSON.parse(answer.Payload!.transformToString())).toEqual({
    node: expect.stringMatching(/^v24\./),
    ecs: 'http://127.0.0.1:4567',
    dynamodb: 'http://127.0.0.1:4567',
    found: 'ENOTFOUND',
  });
}, 30_000);

test('what CloudFormation deploys runs as it is defined: with secrets, volume and stop time-out', async () => {
  const definition = {
    Family: 'deployed',
    NetworkMode: 'awsvpc',
    RequiresCompatibilities: ['FARGATE'],
    Volumes: [{ Name: 'data', EFSVolumeConfiguration: { FilesystemId: 'fs-12345678' } }],
    ContainerDefinitions: [
      {
        Name: 'main',
        Image: 'test/stubborn',
        StopTimeout: 2,
        Secrets: [{ Name: 'PASSWORD', ValueFrom: { 'Fn::Join': ['', [{ Ref: 'Secret' }, ':password::']] } }],
        MountPoints: [{ SourceVolume: 'data', ContainerPath: '/root' }],
      },
    ],
  };
  const Resources = {
    Secret: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: { Name: 'deployed', SecretString: '{"password":"kept"}' },
    },
    Task: { Type: 'AWS::ECS::TaskDefinition', Properties: definition },
    Service: {
      Type: 'AWS::ECS::Service',
      Properties: { ServiceName: 'deployed', Cluster: cluster, TaskDefinition: { Ref: 'Task' }, DesiredCount: 1 },
    },
  };
  const cloudFormation = new CloudFormationClient(settings());
  await cloudFormation.send(
    new CreateStackCommand({ StackName: 'deployed', TemplateBody: JSON.stringify({ Resources }) }),
  );
  const task = await runningTask('deployed');
  const environment = environmentOf(task.pid!);
  expect(environment).toContain('PASSWORD=kept');
  expect(environment.find((entry) => entry.startsWith('HOME='))).toMatch(/volumes\/efs\/fs-12345678/);
  await scale('deployed', 0);
  await noneRuns('deployed');
  const { stoppingAt, executionStoppedAt } = await describe1(task.arn);
  expect(executionStoppedAt!.getTime() - stoppingAt!.getTime()).toBeLessThan(4_000);
}, 30_000);

test("a task has its role's credentials, its secrets and its log group", async () => {
  const logs = new CloudWatchLogsClient(settings());
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/tasks' }));
  const taskRoleArn = await createRole('tasks', 'ecs-tasks.amazonaws.com');
  const { ARN } = await new SecretsManagerClient(settings()).send(
    new CreateSecretCommand({ Name: 'login', SecretString: JSON.stringify({ password: 'of the secret' }) }),
  );
  const script = `const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts');
    new STSClient().send(new GetCallerIdentityCommand({})).then(({ Arn }) => console.log(Arn, process.env.PASSWORD));`;
  const arn = await run(
    'identity',
    {
      image: 'test/node',
      command: [script],
      secrets: [{ name: 'PASSWORD', valueFrom: `${ARN}:password::` }],
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/tasks', 'awslogs-stream-prefix': 'me' } },
    },
    { taskRoleArn },
  );
  await whenStatus(arn, 'STOPPED');
  const logStreamName = `me/main/${arn.split('/').at(-1)}`;
  const message = await eventually('the line is logged', async () => {
    const { events } = await logs.send(new GetLogEventsCommand({ logGroupName: '/tasks', logStreamName }));
    return events?.[0]?.message;
  });
  expect(message).toMatch(/:assumed-role\/tasks\/\S+ of the secret$/);
}, 30_000);
