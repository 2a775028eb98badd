import { mkdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { ContainerRecord, TaskRecord } from './task-record.ts';

/**
 * Where a task's volume is kept below the run's volumes, so that it outlives the task: a shared file system by its id
 * and root, any other by its owner (the service, else the task family) and name.
 */
export function volumeKey(task: TaskRecord, name: string): string {
  const volume = task.definition.volumes?.find((one) => one.name === name);
  const efs = volume?.efsVolumeConfiguration;
  const parts =
    efs === undefined
      ? [task.cluster, task.service ?? `family-${task.definition.family}`, name]
      : ['efs', efs.fileSystemId ?? '', efs.rootDirectory ?? '/', efs.authorizationConfig?.accessPointId ?? ''];
  return parts.map((part) => encodeURIComponent(part)).join('/');
}

/** The folder behind a path of the container: of the volume mounted nearest above it, else of the container's disk. */
export function folderBehind(
  task: TaskRecord,
  container: ContainerRecord,
  containerPath: string,
  root: { volumes: string; disk: string },
): string {
  const path = posix.resolve('/', containerPath);
  const mounts = (container.definition.mountPoints ?? [])
    .map(({ sourceVolume, containerPath: at }) => ({ sourceVolume, at: posix.resolve('/', at ?? '/') }))
    .filter(({ at }) => path === at || path.startsWith(at === '/' ? at : `${at}/`))
    .toSorted((a, b) => b.at.length - a.at.length);
  const mount = mounts[0];
  return mount?.sourceVolume === undefined
    ? join(root.disk, path)
    : join(root.volumes, volumeKey(task, mount.sourceVolume), posix.relative(mount.at, path));
}

export function makeFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}
