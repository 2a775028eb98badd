import {
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { mockClient } from 'aws-sdk-client-mock';
import { TaskNotPlaced } from '../../../lambdas/aws/ecs-tasks.client.ts';
import { SlowQueryTasks } from '../../../lambdas/slow-query/slow-query-tasks.client.ts';

// Only for what the emulator cannot produce: failures, and the states that a task of Fargate goes through.
const ecs = mockClient(ECSClient);
beforeEach(() => ecs.reset());

const tasks = new SlowQueryTasks(new ECSClient({}), {
  cluster: 'slow',
  family: 'slow-query',
  subnets: ['subnet-1'],
  securityGroup: 'sg-1',
});

test("one task of the target's own definition is started, under the same token each time", async () => {
  ecs.on(RunTaskCommand).resolves({});
  for (const runId of ['run-1', 'run-1', 'run-2']) await tasks.start(runId, 'shop', { PGHOST: 'db' });
  const inputs = ecs.commandCalls(RunTaskCommand).map((call) => call.args[0].input);
  expect(inputs[0]).toMatchObject({
    cluster: 'slow',
    taskDefinition: 'slow-query-shop',
    count: 1,
    startedBy: 'run-1',
    overrides: { containerOverrides: [{ name: 'slow-query', environment: [{ name: 'PGHOST', value: 'db' }] }] },
  });
  expect(inputs[1]!.clientToken).toBe(inputs[0]!.clientToken);
  expect(inputs[2]!.clientToken).not.toBe(inputs[0]!.clientToken);
  expect(inputs[0]!.clientToken!.length).toBeLessThanOrEqual(64);
});

test('no room for it is an error', async () => {
  ecs.on(RunTaskCommand).resolves({ failures: [{ reason: 'Capacity is unavailable' }] });
  await expect(tasks.start('run-1', 'shop', {})).rejects.toThrow(TaskNotPlaced);
});

test('whose program can be at work is stopped, also before it has begun; whose containers have ended is not', async () => {
  const states = ['PROVISIONING', 'PENDING', 'RUNNING', 'STOPPING', 'DEPROVISIONING', 'STOPPED'];
  ecs.on(ListTasksCommand, { desiredStatus: 'RUNNING' }).resolves({ taskArns: states.slice(0, 3) });
  ecs.on(ListTasksCommand, { desiredStatus: 'STOPPED' }).resolves({ taskArns: states.slice(3) });
  ecs.on(DescribeTasksCommand).callsFake(({ tasks: arns }) => ({
    tasks: arns.map((state: string) => ({ taskArn: state, lastStatus: state })),
  }));
  ecs.on(StopTaskCommand).resolves({});
  await tasks.stop('run-1');
  const stopped = ecs.commandCalls(StopTaskCommand).map((call) => call.args[0].input.task);
  expect(stopped).toEqual(['PROVISIONING', 'PENDING', 'RUNNING', 'STOPPING']);
  expect(ecs.commandCalls(ListTasksCommand)[0]!.args[0].input.startedBy).toBe('run-1');
});
