import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { folderBehind } from '../../../../infra/local/ecs/volumes.ts';
import { taskRecord } from './task.fixture.ts';

const roots = { volumes: '/state/volumes', disk: '/state/tasks/a/disk' };

function behind(path: string, volumes: TaskDefinition['volumes'], at = '/var/lib/postgresql') {
  const task = taskRecord('a');
  task.definition = { ...task.definition, volumes };
  const container = task.containers[0]!;
  container.definition = { ...container.definition, mountPoints: [{ sourceVolume: 'data', containerPath: at }] };
  return folderBehind(task, container, path, roots);
}

test("a service's volume is the same for all of its tasks", () => {
  expect(behind('/var/lib/postgresql/data', [{ name: 'data' }])).toBe('/state/volumes/main/database/data/data');
});

test('a shared file system is the same for everyone who mounts it', () => {
  const volumes = [{ name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }];
  expect(behind('/var/lib/postgresql', volumes)).toBe('/state/volumes/efs/fs-1/%2F/');
});

test("what no volume is mounted above is on the container's own disk", () => {
  expect(behind('/var/lib/postgresql2', [{ name: 'data' }])).toBe('/state/tasks/a/disk/var/lib/postgresql2');
  expect(behind('/../../etc', [{ name: 'data' }])).toBe('/state/tasks/a/disk/etc');
});
