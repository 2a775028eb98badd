import type { ContainerDefinition, Task, TaskDefinition } from '@aws-sdk/client-ecs';

/** A task's states in ECS' own order. */
export const taskStatuses = [
  'PROVISIONING',
  'PENDING',
  'ACTIVATING',
  'RUNNING',
  'DEACTIVATING',
  'STOPPING',
  'DEPROVISIONING',
  'STOPPED',
] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export type StopCode = 'TaskFailedToStart' | 'EssentialContainerExited' | 'UserInitiated' | 'ServiceSchedulerInitiated';

export interface StopRequest {
  code: StopCode;
  reason: string;
}

export type Health = 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';

export interface ContainerRecord {
  definition: ContainerDefinition;
  name: string;
  essential: boolean;
  status: 'PENDING' | 'RUNNING' | 'STOPPED';
  /** The main process, as seen in the sandbox. */
  pid: number | null;
  exitCode: number | null;
  reason: string | null;
  health: Health;
}

export interface NetworkInterface {
  address: string;
  macAddress: string;
  /** Name of the network namespace, and of the cable's end at the router. */
  namespace: string;
}

/** What is true of one task, as the fault plane knows it. Times are epoch seconds. */
export interface TaskRecord {
  arn: string;
  id: string;
  cluster: string;
  /** The service's name, or null for a task of RunTask. */
  service: string | null;
  definition: TaskDefinition;
  overrides: NonNullable<Task['overrides']>;
  subnet: string | null;
  status: TaskStatus;
  stop: StopRequest | null;
  network: NetworkInterface | null;
  containers: ContainerRecord[];
  createdAt: number;
  pullStartedAt: number | null;
  startedAt: number | null;
  stoppingAt: number | null;
  executionStoppedAt: number | null;
  stoppedAt: number | null;
}

/** The last part of an ARN, or what is a name already. */
export const nameOf = (arn: string): string => arn.split('/').at(-1)!;

export function serviceKey(cluster: string, service: string): string {
  return `${cluster}/${service}`;
}

export function isStopped(task: TaskRecord): boolean {
  return task.status === 'STOPPED';
}

/** Whether the task has, or is about to have, processes and an address. */
export function isPlaced(task: TaskRecord): boolean {
  return task.status !== 'PROVISIONING' && task.status !== 'STOPPED';
}

/** @param now epoch seconds, for a task without a creation time */
export function recordOf(task: Task, definition: TaskDefinition, subnet: string | null, now: number): TaskRecord {
  const group = task.group ?? '';
  return {
    arn: task.taskArn ?? '',
    id: nameOf(task.taskArn ?? ''),
    cluster: nameOf(task.clusterArn ?? ''),
    service: group.startsWith('service:') ? group.slice('service:'.length) : null,
    definition,
    overrides: task.overrides ?? {},
    subnet,
    status: 'PROVISIONING',
    stop: null,
    network: null,
    containers: (definition.containerDefinitions ?? []).map((container) => ({
      definition: container,
      name: container.name ?? '',
      essential: container.essential !== false,
      status: 'PENDING',
      pid: null,
      exitCode: null,
      reason: null,
      health: 'UNKNOWN',
    })),
    createdAt: task.createdAt === undefined ? now : task.createdAt.getTime() / 1000,
    pullStartedAt: null,
    startedAt: null,
    stoppingAt: null,
    executionStoppedAt: null,
    stoppedAt: null,
  };
}
