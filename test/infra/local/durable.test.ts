import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Capability,
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  RunTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../../../infra/local/stack.ts';
import { emulatorFolder } from '../../../infra/local/state-folder.ts';
import { freePort } from '../../support/services.ts';
import { chain } from './chain.fixture.ts';
import { eventually, isAlive, isPortOpen, killFirstProcess, node, python, query, repository } from './probe.ts';

/** Longer than the time between two checkpoints and what one takes. */
const checkpointMs = 2_500;
const cluster = 'main';
const databaseUrl = 'postgres://app:secret@database.faultline.internal/shop';
const key = { pk: { S: 'run' } };

let stateRoot: string;
let options: LocalStackOptions;
let stack: LocalStack;
let users: { accessKeyId: string; secretAccessKey: string };

const settings = (credentials = stack.root) => ({ endpoint: stack.endpoint, region: stack.region, credentials });
const ecs = () => new ECSClient(settings());
const s3 = () => new S3Client({ ...settings(), forcePathStyle: true });

beforeAll(async () => {
  stateRoot = mkdtempSync(join(tmpdir(), 'faultline-test-'));
  options = {
    python,
    stateRoot,
    port: await freePort(),
    images: { 'test/sleep': { entryPoint: ['/bin/sleep', '1000'], stopSignal: 'SIGKILL' } },
  };
  stack = await startLocalStack({ ...options, durable: true });
}, 60_000);

afterAll(async () => {
  await stack?.stop();
  rmSync(stateRoot, { recursive: true, force: true });
});

async function createService(
  serviceName: string,
  desiredCount: number,
  container: NonNullable<RegisterTaskDefinitionCommandInput['containerDefinitions']>[number],
) {
  const { taskDefinition } = await ecs().send(
    new RegisterTaskDefinitionCommand({
      family: serviceName,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      containerDefinitions: [{ name: 'main', ...container }],
      volumes: [{ name: 'data' }],
    }),
  );
  await ecs().send(
    new CreateServiceCommand({
      cluster,
      serviceName,
      desiredCount,
      taskDefinition: taskDefinition!.taskDefinitionArn,
      launchType: 'FARGATE',
      deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
    }),
  );
}

const runningTasks = async (service: string | null) =>
  (await stack.tasks()).filter((task) => task.service === service && task.lastStatus === 'RUNNING');

const executionsOf = async (name: string) => {
  const stateMachineArn = `arn:aws:states:${stack.region}:${stack.account}:stateMachine:${name}`;
  return (await new SFNClient(settings()).send(new ListExecutionsCommand({ stateMachineArn }))).executions ?? [];
};

async function fill(): Promise<void> {
  await ecs().send(new CreateClusterCommand({ clusterName: cluster }));
  await createService('database', 1, {
    image: 'postgres:18',
    environment: Object.entries({ POSTGRES_USER: 'app', POSTGRES_PASSWORD: 'secret', POSTGRES_DB: 'shop' }).map(
      ([name, value]) => ({ name, value }),
    ),
    mountPoints: [{ sourceVolume: 'data', containerPath: '/var/lib/postgresql' }],
  });
  await createService('cache', 1, { image: 'test/sleep' });
  await eventually('both services run', async () => {
    return (await runningTasks('database')).length === 1 && (await runningTasks('cache')).length === 1;
  });
  await ecs().send(new RunTaskCommand({ cluster, taskDefinition: 'cache', startedBy: 'somebody' }));
  await eventually('Postgres answers', () =>
    query(stack, databaseUrl, 'create table kept as select 42 as answer').catch(() => undefined),
  );

  const iam = new IAMClient(settings());
  await iam.send(new CreateUserCommand({ UserName: 'reader' }));
  const Statement = [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: '*' }];
  await iam.send(
    new PutUserPolicyCommand({ UserName: 'reader', PolicyName: 'read', PolicyDocument: JSON.stringify({ Statement }) }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'reader' }));
  users = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };

  await s3().send(new CreateBucketCommand({ Bucket: 'evidence' }));
  await s3().send(new PutObjectCommand({ Bucket: 'evidence', Key: 'runs/1.json', Body: 'measured' }));
  const dynamo = new DynamoDBClient(settings());
  await dynamo.send(
    new CreateTableCommand({
      TableName: 'runs',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  const TemplateBody = JSON.stringify({ Resources: chain(stack, new Date(Date.now() + 12_000)) });
  const Capabilities: Capability[] = ['CAPABILITY_IAM'];
  await new CloudFormationClient(settings()).send(
    new CreateStackCommand({ StackName: 'chain', TemplateBody, Capabilities }),
  );
  // What a fault does: first the undo record, then the change.
  await dynamo.send(new PutItemCommand({ TableName: 'runs', Item: { ...key, undo: { N: '1' } } }));
  await ecs().send(new UpdateServiceCommand({ cluster, service: 'cache', desiredCount: 0 }));
}

test('a durable stack that was killed in the middle of everything goes on where it was', async () => {
  await fill();
  await sleep(checkpointMs);
  const [before] = await runningTasks('database');
  const { stateDir, root } = stack;
  // Should the end come between the two, the undo record has to be there and the change not, never the other way round.
  const savedAt = (service: string) => statSync(join(stateDir, emulatorFolder, `${service}.json`)).mtimeMs;
  expect(savedAt('dynamodb')).toBeLessThan(savedAt('ecs'));
  const rootKeys = [root.accessKeyId, root.secretAccessKey];
  await expect(startLocalStack({ ...options, resume: stateDir })).rejects.toThrow(/cannot be resumed: process \d+/);

  killFirstProcess(stack);
  await stack.died;
  expect(isAlive(before!.containers[0]!.pid!)).toBe(false);
  expect(await isPortOpen(options.port!)).toBe(false);
  expect(await executionsOf('first').catch((error) => error)).toBeInstanceOf(Error);

  const killed = stack;
  stack = await startLocalStack({ ...options, resume: stateDir });
  expect([stack.root.accessKeyId, stack.root.secretAccessKey]).toEqual(rootKeys);
  expect(stack.stateDir).toBe(stateDir);
  // The first one has nothing any more that it could remove.
  await killed.stop();
  expect(existsSync(join(stateDir, 'owner.json'))).toBe(true);

  const item = new GetItemCommand({ TableName: 'runs', Key: key });
  expect((await new DynamoDBClient(settings(users)).send(item)).Item).toEqual({ ...key, undo: { N: '1' } });
  const forger = new DynamoDBClient(settings({ ...users, secretAccessKey: 'guessed' }));
  await expect(forger.send(item)).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  const object = await s3().send(new GetObjectCommand({ Bucket: 'evidence', Key: 'runs/1.json' }));
  expect(await object.Body!.transformToString()).toBe('measured');
  const { Stacks } = await new CloudFormationClient(settings()).send(new DescribeStacksCommand({ StackName: 'chain' }));
  expect(Stacks).toMatchObject([{ StackStatus: 'CREATE_COMPLETE' }]);

  const rows = await eventually('Postgres answers again', () =>
    query(stack, databaseUrl, 'select answer from kept').catch(() => undefined),
  );
  expect(rows).toEqual([{ answer: 42 }]);
  const [after] = await runningTasks('database');
  expect(after!.taskArn).not.toBe(before!.taskArn);
  const { tasks } = await ecs().send(new DescribeTasksCommand({ cluster, tasks: [before!.taskArn] }));
  expect(tasks).toMatchObject([{ lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' }]);
  const { services } = await ecs().send(new DescribeServicesCommand({ cluster, services: ['database', 'cache'] }));
  expect(services).toMatchObject([
    { desiredCount: 1, runningCount: 1 },
    { desiredCount: 0, runningCount: 0, pendingCount: 0 },
  ]);
  expect((await ecs().send(new ListTasksCommand({ cluster }))).taskArns).toEqual([after!.taskArn]);
  expect((await stack.tasks()).map(({ service }) => service)).toEqual(['database']);

  const { Payload } = await new LambdaClient(settings()).send(new InvokeCommand({ FunctionName: 'asked' }));
  expect(Payload!.transformToString()).toBe('"from the Lambda"');
  await eventually(
    'the schedule has started the first state machine, and the rule the second',
    async () => (await executionsOf('second')).some(({ status }) => status === 'SUCCEEDED'),
    40,
  );
  expect(await executionsOf('first')).toMatchObject([{ status: 'SUCCEEDED' }]);

  await ecs().send(new UpdateServiceCommand({ cluster, service: 'cache', desiredCount: 1 }));
  await eventually('the other service runs again', async () => (await runningTasks('cache')).length === 1);
}, 120_000);

test('a stack whose starter was killed is resumed by another process, again and again', async () => {
  const script = `const { startLocalStack } = await import(${JSON.stringify(join(repository, 'infra/local/stack.ts'))});
    const stack = await startLocalStack({ ...JSON.parse(process.argv[1]), durable: true });
    console.log(stack.stateDir);`;
  const starter = spawn(
    node,
    ['--input-type=module', '-e', script, JSON.stringify({ ...options, port: await freePort() })],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [said] = await once(starter.stdout, 'data');
  const resume = String(said).trim();
  starter.kill('SIGKILL');
  await once(starter, 'exit');

  let next = await startLocalStack({ ...options, port: await freePort(), resume });
  const parameters = () => new SSMClient({ endpoint: next.endpoint, region: next.region, credentials: next.root });
  const Name = 'kept';
  await parameters().send(new PutParameterCommand({ Name, Type: 'String', Value: 'here' }));
  await sleep(checkpointMs);
  killFirstProcess(next);
  await next.died;

  const saved = join(resume, emulatorFolder, 'ssm.json');
  const whole = readFileSync(saved);
  writeFileSync(saved, whole.subarray(0, -10));
  await expect(startLocalStack({ ...options, port: await freePort(), resume })).rejects.toThrow(
    /its state could not be restored: .*ssm/,
  );
  writeFileSync(saved, whole);
  next = await startLocalStack({ ...options, port: await freePort(), resume });
  expect((await parameters().send(new GetParameterCommand({ Name }))).Parameter?.Value).toBe('here');
  await next.stop();
  expect(existsSync(resume)).toBe(false);
}, 60_000);
