import {
  admissible,
  restartDelaySeconds,
  startable,
  stopRequestFor,
  unwanted,
} from '../../../../infra/local/ecs/decide.ts';
import type { TaskStatus } from '../../../../infra/local/ecs/task-record.ts';
import { taskRecord } from './task.fixture.ts';

const ids = (tasks: { id: string }[]) => tasks.map(({ id }) => id);
const limits = (desiredCount: number, maximumPercent: number) =>
  new Map([['main/database', { desiredCount, maximumPercent }]]);

describe('which waiting tasks may start', () => {
  test.each<TaskStatus>(['PENDING', 'ACTIVATING', 'RUNNING', 'DEACTIVATING', 'STOPPING', 'DEPROVISIONING'])(
    'a single writer waits while its predecessor is %s',
    (status) => {
      const tasks = [taskRecord('old', { status }), taskRecord('new')];
      expect(startable(tasks, limits(1, 100), 10)).toEqual([]);
    },
  );

  test('a single writer starts when its predecessor is stopped', () => {
    const tasks = [taskRecord('old', { status: 'STOPPED' }), taskRecord('new')];
    expect(ids(startable(tasks, limits(1, 100), 10))).toEqual(['new']);
  });

  test('of two waiting tasks of a single writer the older one starts, alone', () => {
    const tasks = [taskRecord('young', { createdAt: 20 }), taskRecord('old', { createdAt: 10 })];
    expect(ids(startable(tasks, limits(1, 100), 10))).toEqual(['old']);
  });

  test('at 200 % a replacement starts beside its predecessor', () => {
    const tasks = [taskRecord('old', { status: 'RUNNING' }), taskRecord('new')];
    expect(ids(startable(tasks, limits(1, 200), 10))).toEqual(['new']);
  });

  test('tasks of RunTask are limited by the capacity only', () => {
    const tasks = [
      taskRecord('running', { service: null, status: 'RUNNING' }),
      taskRecord('a', { service: null }),
      taskRecord('b', { service: null }),
    ];
    expect(ids(startable(tasks, new Map(), 2))).toEqual(['a']);
  });

  test('a task that is to stop, or whose service is unknown, does not start', () => {
    const stop = { code: 'UserInitiated', reason: '' } as const;
    expect(startable([taskRecord('a', { stop })], limits(1, 100), 10)).toEqual([]);
    expect(startable([taskRecord('a')], new Map(), 10)).toEqual([]);
  });
});

test('a task that the control plane no longer wants is stopped, once', () => {
  const wanted = taskRecord('wanted', { status: 'RUNNING' });
  const gone = taskRecord('gone', { status: 'RUNNING' });
  const asked = taskRecord('asked', { status: 'STOPPING', stop: { code: 'UserInitiated', reason: '' } });
  expect(
    ids(unwanted([wanted, gone, asked, taskRecord('over', { status: 'STOPPED' })], new Set([wanted.arn]))),
  ).toEqual(['gone']);
});

test('there is room for as many tasks as are not stopped', () => {
  const tasks = [taskRecord('a'), taskRecord('b', { status: 'RUNNING' }), taskRecord('c', { status: 'STOPPED' })];
  expect(admissible(tasks, 3, 2)).toBe(1);
  expect(admissible(tasks, 9, 2)).toBe(2);
  expect(admissible(tasks, 1, 2)).toBe(0);
});

test('a stop by the service scheduler is told from one by a user', () => {
  expect(stopRequestFor('Service scaling down', 'ecs-svc/1')).toEqual({
    code: 'ServiceSchedulerInitiated',
    reason: 'Scaling activity initiated by (deployment ecs-svc/1)',
  });
  expect(stopRequestFor('end of the load', undefined)).toEqual({ code: 'UserInitiated', reason: 'end of the load' });
});

describe('the wait before a replacement', () => {
  test('is none for a task that ran, whatever came before', () => {
    expect(restartDelaySeconds([0, 0, 0, 600])).toBe(0);
  });

  test('doubles while tasks die young, up to a minute', () => {
    const delays = [1, 2, 3, 4, 5, 12].map((deaths) => restartDelaySeconds(Array(deaths).fill(1)));
    expect(delays).toEqual([0, 1, 2, 4, 8, 60]);
  });

  test('begins anew after a task that ran', () => {
    expect(restartDelaySeconds([1, 1, 1, 600, 1])).toBe(0);
  });
});
