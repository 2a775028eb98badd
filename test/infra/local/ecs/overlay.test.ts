import { overlayService, overlayTask, type Wire } from '../../../../infra/local/ecs/overlay.ts';
import type { TaskRecord } from '../../../../infra/local/ecs/task-record.ts';
import { taskRecord } from './task.fixture.ts';

/** As the emulator describes any task: RUNNING from the first moment on, without an address. */
const emulated: Wire = {
  taskArn: 'arn:aws:ecs:us-east-1:000000000000:task/main/a',
  lastStatus: 'RUNNING',
  desiredStatus: 'RUNNING',
  startedAt: 1,
  stoppedReason: '',
  attachments: [],
  containers: [{ name: 'postgres', lastStatus: 'RUNNING', networkInterfaces: [] }],
};
const network = { address: '198.18.1.7', macAddress: '02:00:00:00:00:01', namespace: 'task1' };

describe('a task', () => {
  test('that waits has no start, no address and the status PROVISIONING', () => {
    const told = overlayTask(emulated, taskRecord('a'));
    expect(told).toMatchObject({ lastStatus: 'PROVISIONING', desiredStatus: 'RUNNING' });
    expect(told).not.toHaveProperty('startedAt');
    expect(JSON.stringify(told)).not.toContain('privateIPv4Address');
    expect(told.attachments).toMatchObject([{ status: 'PRECREATED' }]);
  });

  test('that runs has its address as attachment and at its container', () => {
    const told = overlayTask(emulated, taskRecord('a', { status: 'RUNNING', network, startedAt: 5 })) as never;
    expect(told).toMatchObject({
      lastStatus: 'RUNNING',
      startedAt: 5,
      attachments: [
        {
          type: 'ElasticNetworkInterface',
          status: 'ATTACHED',
          details: expect.arrayContaining([{ name: 'privateIPv4Address', value: '198.18.1.7' }]),
        },
      ],
      containers: [{ networkInterfaces: [{ privateIpv4Address: '198.18.1.7' }] }],
    });
  });

  test('that was killed tells its exit code and why it stopped', () => {
    const record = taskRecord('a', {
      status: 'STOPPED',
      network,
      stop: { code: 'EssentialContainerExited', reason: 'Essential container in task exited' },
      stoppedAt: 9,
    });
    Object.assign(record.containers[0]!, { status: 'STOPPED', exitCode: 137 });
    expect(overlayTask(emulated, record)).toMatchObject({
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      stoppedAt: 9,
      containers: [{ lastStatus: 'STOPPED', exitCode: 137 }],
    });
  });
});

describe('a service', () => {
  const deployment = { id: 'ecs-svc/1', status: 'PRIMARY', desiredCount: 1, createdAt: 1, rolloutState: 'COMPLETED' };
  const service = (tasks: TaskRecord[], completed: string[] = [], deployments: Wire[] = [deployment]) =>
    overlayService(
      {
        runningCount: 1,
        pendingCount: 0,
        deployments: deployments.map((one) => ({ taskDefinition: tasks[0]?.definition.taskDefinitionArn, ...one })),
      },
      { tasks, completed: new Set(completed), events: [] },
    );

  test('counts only tasks whose processes run', () => {
    expect(service([taskRecord('a', { status: 'ACTIVATING' })])).toMatchObject({ runningCount: 0, pendingCount: 1 });
    expect(service([taskRecord('a', { status: 'STOPPING' })])).toMatchObject({ runningCount: 0, pendingCount: 0 });
    expect(service([taskRecord('a', { status: 'RUNNING' })])).toMatchObject({
      runningCount: 1,
      deployments: [{ runningCount: 1 }],
    });
  });

  test('is in progress until it runs what it should and nothing else, and completed from then on', () => {
    const running = taskRecord('a', { status: 'RUNNING' });
    const state = (tasks: TaskRecord[], completed: string[] = []) =>
      (service(tasks, completed).deployments as Wire[])[0]?.rolloutState;
    expect(state([taskRecord('a')])).toBe('IN_PROGRESS');
    expect(state([running, taskRecord('old', { status: 'STOPPING' })])).toBe('IN_PROGRESS');
    expect(state([running])).toBe('COMPLETED');
    expect(state([taskRecord('a')], ['ecs-svc/1'])).toBe('COMPLETED');
  });

  test('attributes tasks of a repeated task definition to the deployment that made them', () => {
    const second = { ...deployment, id: 'ecs-svc/2', createdAt: 100 };
    const first = { ...deployment, status: 'ACTIVE' };
    const tasks = [
      taskRecord('old', { status: 'RUNNING', createdAt: 2 }),
      taskRecord('new', { status: 'PENDING', createdAt: 100.4 }),
    ];
    expect(service(tasks, [], [second, first]).deployments).toMatchObject([
      { id: 'ecs-svc/2', runningCount: 0, pendingCount: 1, rolloutState: 'IN_PROGRESS' },
      { id: 'ecs-svc/1', runningCount: 1, pendingCount: 0 },
    ]);
  });
});
