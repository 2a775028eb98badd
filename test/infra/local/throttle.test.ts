import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeClustersCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { type LocalStack, startLocalStack } from '../../../infra/local/stack.ts';
import { freePort } from '../../support/services.ts';
import { eventually, python } from './probe.ts';

const item = { pk: { S: 'run' } };
const put = new PutItemCommand({ TableName: 'runs', Item: item });

let stack: LocalStack;

const settings = (maxAttempts: number) => ({
  endpoint: stack.endpoint,
  region: stack.region,
  credentials: stack.root,
  maxAttempts,
});
const once = () => new DynamoDBClient(settings(1));
const patient = () => new DynamoDBClient(settings(6));

beforeAll(async () => {
  const images = { 'test/sleep': { entryPoint: ['/bin/sleep', '1000'], stopSignal: 'SIGKILL' } };
  stack = await startLocalStack({ python, port: await freePort(), images });
  await new ECSClient(settings(1)).send(new CreateClusterCommand({ clusterName: 'main' }));
  await once().send(
    new CreateTableCommand({
      TableName: 'runs',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
}, 60_000);

afterEach(() => stack.throttle([]));
afterAll(() => stack?.stop());

/** The names of the errors of `calls` calls in turn, `none` for a call that was answered. */
async function outcomes(calls: number, call: () => Promise<unknown>): Promise<string[]> {
  const names: string[] = [];
  for (let made = 0; made < calls; made++) {
    names.push(
      await call().then(
        () => 'none',
        (error: Error) => error.name,
      ),
    );
  }
  return names;
}

test('a client that does not try again sees the error of each service that is throttled', async () => {
  const describe = () => new ECSClient(settings(1)).send(new DescribeClustersCommand({ clusters: ['main'] }));
  await stack.throttle([{ service: 'dynamodb', share: 0.5 }]);
  const exceeded = 'ProvisionedThroughputExceededException';
  expect(await outcomes(4, () => once().send(put))).toEqual(['none', exceeded, 'none', exceeded]);
  expect(await outcomes(2, describe)).toEqual(['none', 'none']);

  await stack.throttle([{ service: 'ecs', share: 0.5 }]);
  expect(await outcomes(2, describe)).toEqual(['none', 'ThrottlingException']);
  await expect(describe().then(describe)).rejects.toMatchObject({
    message: 'Rate exceeded',
    $metadata: { httpStatusCode: 400 },
  });
  expect(await outcomes(2, () => once().send(put))).toEqual(['none', 'none']);
});

test('a client that tries again gets through, and notices it', async () => {
  await stack.throttle([{ service: 'dynamodb', share: 0.5 }]);
  const client = patient();
  const attempts: number[] = [];
  for (let calls = 0; calls < 6; calls++) {
    const { $metadata } = await client.send(put);
    attempts.push($metadata.attempts ?? 0);
  }
  expect(Math.max(...attempts)).toBeGreaterThan(1);
  await stack.throttle([]);
  expect((await once().send(new GetItemCommand({ TableName: 'runs', Key: item }))).Item).toEqual(item);
});

test('a refused call does nothing', async () => {
  const other = { pk: { S: 'refused' } };
  await stack.throttle([{ service: 'dynamodb', share: 1 }]);
  await expect(once().send(new PutItemCommand({ TableName: 'runs', Item: other }))).rejects.toThrow(/throughput/);
  await stack.throttle([]);
  expect((await once().send(new GetItemCommand({ TableName: 'runs', Key: other }))).Item).toBeUndefined();
});

test('a service gets its replacement while all calls to ECS from outside are refused', async () => {
  const ecs = new ECSClient(settings(1));
  const containerDefinitions = [{ name: 'main', image: 'test/sleep' }];
  const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand({ family: 'app', containerDefinitions }));
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'main',
      serviceName: 'app',
      taskDefinition: taskDefinition!.taskDefinitionArn,
      desiredCount: 1,
    }),
  );
  const running = (except?: string) =>
    eventually('a task runs', async () =>
      (await stack.tasks()).find(({ lastStatus, taskArn }) => lastStatus === 'RUNNING' && taskArn !== except),
    );
  const { taskArn, containers } = await running();
  await stack.throttle([{ service: 'ecs', share: 1 }]);
  process.kill(containers[0]!.pid!, 'SIGKILL');
  expect((await running(taskArn)).service).toBe('app');
});

test('what no rule can mean is refused', async () => {
  await expect(stack.throttle([{ service: 'ecs', share: 2 }])).rejects.toThrow(/is 2, not from 0 to 1/);
});
