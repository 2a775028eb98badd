import {
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { mockClient } from 'aws-sdk-client-mock';
import { TaskNotPlaced } from '../../../lambdas/aws/ecs-tasks.client.ts';
import { LoadTasks } from '../../../lambdas/load/load-tasks.client.ts';

// Only for what the emulator cannot produce: failures, many pages, and AWS's own limits.
const ecs = mockClient(ECSClient);
beforeEach(() => ecs.reset());

const config = {
  cluster: 'load',
  masterTask: 'arn:aws:ecs:us-east-1:000000000000:task-definition/load:3',
  workerTask: 'arn:aws:ecs:us-east-1:000000000000:task-definition/load-worker:3',
  workerCapacity: 'FARGATE' as const,
  table: 'runs',
  bucket: 'evidence',
  subnets: ['subnet-1', 'subnet-2'],
  securityGroup: 'sg-1',
};
const tasks = new LoadTasks(new ECSClient({}), config);

const longRunId = 'r'.repeat(64);
const runTaskInputs = () => ecs.commandCalls(RunTaskCommand).map((call) => call.args[0].input);

describe('RunTask', () => {
  test('answers 200 with failures when there is no room: that is an error with the reasons', async () => {
    ecs.on(RunTaskCommand).resolves({
      tasks: [],
      failures: [{ reason: 'RESOURCE:CPU', detail: 'no vCPU left' }, { reason: 'Capacity is unavailable' }],
    });
    const placed = tasks.run('worker', 'run-1', 2, {});
    await expect(placed).rejects.toThrow(TaskNotPlaced);
    await expect(placed).rejects.toThrow('RESOURCE:CPU no vCPU left; Capacity is unavailable');
  });

  test('is called for ten tasks at most, each call with a token of its own', async () => {
    ecs.on(RunTaskCommand).resolves({ tasks: [] });
    await tasks.run('worker', 'run-1', 25, {});
    expect(runTaskInputs().map((i) => i.count)).toEqual([10, 10, 5]);
    expect(new Set(runTaskInputs().map((i) => i.clientToken)).size).toBe(3);
  });

  test('has the same tokens when it is called again, so that ECS starts nothing twice', async () => {
    ecs.on(RunTaskCommand).resolves({ tasks: [] });
    for (let i = 0; i < 2; i++) await tasks.run('worker', 'run-1', 11, {});
    const tokens = runTaskInputs().map((i) => i.clientToken);
    expect(tokens.slice(2)).toEqual(tokens.slice(0, 2));
    await tasks.run('master', 'run-1', 1, {});
    await tasks.run('worker', 'run-2', 1, {});
    expect(new Set(runTaskInputs().map((i) => i.clientToken)).size).toBe(4);
  });

  test('keeps to the lengths that ECS allows, and tells runs with long ids apart', async () => {
    ecs.on(RunTaskCommand).resolves({ tasks: [] });
    for (const runId of [longRunId, `${longRunId.slice(0, -1)}s`]) await tasks.run('worker', runId, 1, {});
    for (const { clientToken, startedBy } of runTaskInputs()) {
      expect(clientToken!.length).toBeLessThanOrEqual(64);
      expect(startedBy!.length).toBeLessThanOrEqual(128);
    }
    expect(new Set(runTaskInputs().map((i) => i.startedBy)).size).toBe(2);
    expect(new Set(runTaskInputs().map((i) => i.clientToken)).size).toBe(2);
  });

  test("gets the role's own task definition, no public address, the variables, and the master where it writes", async () => {
    ecs.on(RunTaskCommand).resolves({ tasks: [] });
    await tasks.run('master', 'run-1', 1, { LOCUST_USERS: '5' });
    expect(runTaskInputs()[0]).toMatchObject({
      taskDefinition: expect.stringMatching(/load:3$/),
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1', 'subnet-2'], assignPublicIp: 'DISABLED' } },
      overrides: {
        containerOverrides: [
          {
            environment: [
              { name: 'FAULTLINE_TABLE', value: 'runs' },
              { name: 'FAULTLINE_BUCKET', value: 'evidence' },
              { name: 'LOCUST_USERS', value: '5' },
            ],
          },
        ],
      },
      launchType: 'FARGATE',
    });
  });

  test('asks for spare capacity and public addresses for the workers alone, where it was told to', async () => {
    ecs.on(RunTaskCommand).resolves({ tasks: [] });
    const sparing = new LoadTasks(new ECSClient({}), {
      ...config,
      workerCapacity: 'FARGATE_SPOT',
      publicIp: 'ENABLED',
    });
    await sparing.run('master', 'run-1', 1, {});
    await sparing.run('worker', 'run-1', 1, {});
    const [master, worker] = runTaskInputs();
    expect([master!.launchType, worker!.launchType]).toEqual(['FARGATE', undefined]);
    expect(worker!.capacityProviderStrategy).toEqual([{ capacityProvider: 'FARGATE_SPOT', weight: 1 }]);
    expect(worker!.overrides!.containerOverrides![0]!.environment).toEqual([]);
    for (const input of runTaskInputs()) {
      expect(input.networkConfiguration!.awsvpcConfiguration!.assignPublicIp).toBe('ENABLED');
    }
  });
});

describe('the tasks of a run', () => {
  const arn = (i: number) => `arn:aws:ecs:us-east-1:000000000000:task/load/${i}`;
  const family = (name: string) => `arn:aws:ecs:us-east-1:000000000000:task-definition/${name}:3`;

  test('are all of them: every page of the list, a hundred to a description', async () => {
    ecs.on(ListTasksCommand, { desiredStatus: 'STOPPED' }).resolves({ taskArns: [arn(0)] });
    ecs.on(ListTasksCommand, { desiredStatus: 'RUNNING' }).resolves({
      taskArns: Array.from({ length: 100 }, (_, i) => arn(i)),
      nextToken: 'more',
    });
    ecs.on(ListTasksCommand, { desiredStatus: 'RUNNING', nextToken: 'more' }).resolves({
      taskArns: Array.from({ length: 51 }, (_, i) => arn(100 + i)),
    });
    ecs.on(DescribeTasksCommand).callsFake(({ tasks: wanted }) => {
      if (wanted.length > 100) throw new Error('InvalidParameterException');
      return { tasks: wanted.map((taskArn: string) => ({ taskArn, taskDefinitionArn: family('load-worker') })) };
    });
    expect(await tasks.tasks('run-1')).toHaveLength(151);
    expect(ecs.commandCalls(ListTasksCommand)[0]!.args[0].input.startedBy).toBe('run-1');
  });

  test('are told apart by their family, even where one name begins like the other', async () => {
    ecs.on(ListTasksCommand).resolves({ taskArns: [arn(1), arn(2)] });
    ecs.on(DescribeTasksCommand).resolves({
      tasks: [
        {
          taskArn: arn(1),
          taskDefinitionArn: family('load'),
          lastStatus: 'RUNNING',
          containers: [{ networkInterfaces: [{ privateIpv4Address: '10.42.0.9' }] }],
        },
        { taskArn: arn(2), taskDefinitionArn: family('load-worker'), lastStatus: 'STOPPED', stoppedReason: 'Spot' },
      ],
    });
    expect(await tasks.tasks('run-1')).toEqual([
      {
        startedBy: null,
        arn: arn(1),
        role: 'master',
        lastStatus: 'RUNNING',
        address: '10.42.0.9',
        stoppedReason: null,
      },
      { startedBy: null, arn: arn(2), role: 'worker', lastStatus: 'STOPPED', address: null, stoppedReason: 'Spot' },
    ]);
  });

  test('are none where nothing was started, without asking for a description of nothing', async () => {
    ecs.on(ListTasksCommand).resolves({ taskArns: [] });
    expect(await tasks.tasks('run-1')).toEqual([]);
    expect(ecs.commandCalls(DescribeTasksCommand)).toHaveLength(0);
  });

  test('are stopped by name, with a reason', async () => {
    ecs.on(StopTaskCommand).resolves({});
    await tasks.stop(
      { arn: arn(1), startedBy: 'run-1', role: 'master', lastStatus: 'RUNNING', address: null, stoppedReason: null },
      'over',
    );
    expect(ecs.commandCalls(StopTaskCommand)[0]!.args[0].input).toEqual({
      cluster: 'load',
      task: arn(1),
      reason: 'over',
    });
  });
});
