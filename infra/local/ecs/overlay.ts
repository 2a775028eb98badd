import { createHash } from 'node:crypto';
import type { ContainerRecord, TaskRecord } from './task-record.ts';

/** A JSON object of the ECS API as it travels: times are epoch seconds. */
export type Wire = Record<string, unknown>;

export interface ServiceEvent {
  id: string;
  createdAt: number;
  message: string;
}

/** What the fault plane knows of a service beside its tasks. */
export interface ServiceTruth {
  /** Of one service, in any state. */
  tasks: readonly TaskRecord[];
  /** Deployments that have reached a steady state once; they stay COMPLETED, as on AWS. */
  completed: ReadonlySet<string>;
  /** Newest first. */
  events: readonly ServiceEvent[];
}

const stateFields = ['startedAt', 'stoppedAt', 'stoppingAt', 'executionStoppedAt', 'pullStartedAt', 'pullStoppedAt'];

/** The emulator's task with its processes' truth in place of its own guesses. */
export function overlayTask(task: Wire, record: TaskRecord): Wire {
  const plain = Object.fromEntries(Object.entries(task).filter(([key]) => !stateFields.includes(key)));
  const attachment = attachmentOf(record);
  return withoutUndefined({
    ...plain,
    lastStatus: record.status,
    desiredStatus: record.stop === null ? 'RUNNING' : 'STOPPED',
    healthStatus: taskHealth(record),
    createdAt: record.createdAt,
    pullStartedAt: record.pullStartedAt ?? undefined,
    pullStoppedAt: record.startedAt ?? undefined,
    startedAt: record.startedAt ?? undefined,
    stoppingAt: record.stoppingAt ?? undefined,
    executionStoppedAt: record.executionStoppedAt ?? undefined,
    stoppedAt: record.stoppedAt ?? undefined,
    stopCode: record.stop?.code,
    stoppedReason: record.stop?.reason,
    attachments: [attachment],
    containers: listOf(task.containers).map((container) => {
      const truth = record.containers.find(({ name }) => name === container.name);
      return truth === undefined ? container : overlayContainer(container, truth, record, String(attachment.id));
    }),
  });
}

function overlayContainer(container: Wire, truth: ContainerRecord, task: TaskRecord, attachmentId: string): Wire {
  return withoutUndefined({
    ...container,
    lastStatus: truth.status,
    exitCode: truth.exitCode ?? undefined,
    reason: truth.reason ?? undefined,
    healthStatus: truth.health,
    networkInterfaces: task.network === null ? [] : [{ attachmentId, privateIpv4Address: task.network.address }],
  });
}

/** The elastic network interface of an awsvpc task. */
function attachmentOf(record: TaskRecord): Wire {
  const digest = createHash('sha256').update(record.arn).digest('hex');
  const details = [
    ...(record.subnet === null ? [] : [{ name: 'subnetId', value: record.subnet }]),
    { name: 'networkInterfaceId', value: `eni-${digest.slice(0, 17)}` },
  ];
  if (record.network !== null) {
    details.push(
      { name: 'macAddress', value: record.network.macAddress },
      { name: 'privateIPv4Address', value: record.network.address },
    );
  }
  const status = record.network === null ? 'PRECREATED' : record.status === 'STOPPED' ? 'DELETED' : 'ATTACHED';
  const id = [8, 4, 4, 4, 12].map((length, index) => digest.slice(index * 12, index * 12 + length)).join('-');
  return { id, type: 'ElasticNetworkInterface', status, details };
}

function taskHealth(record: TaskRecord): string {
  const health = record.containers.filter(({ essential }) => essential).map((container) => container.health);
  if (health.includes('UNHEALTHY')) return 'UNHEALTHY';
  return health.length > 0 && health.every((one) => one === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN';
}

/** The emulator's service with the counts, rollout state and events that its processes justify. */
export function overlayService(service: Wire, truth: ServiceTruth): Wire {
  const deployments = listOf(service.deployments);
  return {
    ...service,
    ...counts(truth.tasks),
    events: truth.events.slice(0, 100),
    deployments: deployments.map((deployment) => {
      const own = truth.tasks.filter((task) => deploymentOf(task, deployments)?.id === deployment.id);
      return { ...deployment, ...counts(own), ...rollout(deployment, own, truth) };
    }),
  };
}

function counts(tasks: readonly TaskRecord[]): { runningCount: number; pendingCount: number } {
  return {
    runningCount: tasks.filter(({ status }) => status === 'RUNNING').length,
    pendingCount: tasks.filter(
      ({ status, stop }) => stop === null && ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(status),
    ).length,
  };
}

/** A forced deployment repeats its predecessor's task definition: the newest that is older than the task has it. */
function deploymentOf(task: TaskRecord, deployments: Wire[]): Wire | undefined {
  const definition = task.definition.taskDefinitionArn;
  const same = deployments
    .filter((deployment) => deployment.taskDefinition === definition)
    .toSorted((a, b) => Number(b.createdAt) - Number(a.createdAt));
  // The emulator's times are whole seconds, rounded down.
  return same.find((deployment) => Number(deployment.createdAt) <= Math.ceil(task.createdAt)) ?? same.at(-1);
}

function rollout(deployment: Wire, own: readonly TaskRecord[], truth: ServiceTruth): Wire {
  if (deployment.status !== 'PRIMARY' || deployment.rolloutState === 'FAILED') return {};
  const done = truth.completed.has(String(deployment.id)) || isSteady(deployment, own, truth.tasks);
  return done
    ? { rolloutState: 'COMPLETED', rolloutStateReason: `ECS deployment ${deployment.id} completed.` }
    : { rolloutState: 'IN_PROGRESS', rolloutStateReason: `ECS deployment ${deployment.id} in progress.` };
}

/** A steady state: the deployment runs what it should, and nothing of the service besides. */
export function isSteady(deployment: Wire, own: readonly TaskRecord[], all: readonly TaskRecord[]): boolean {
  const live = all.filter(({ status }) => status !== 'STOPPED');
  const running = own.filter(({ status }) => status === 'RUNNING').length;
  return running === deployment.desiredCount && live.length === running;
}

/** The emulator's cluster with true task counts. */
export function overlayCluster(cluster: Wire, tasks: readonly TaskRecord[]): Wire {
  const { runningCount, pendingCount } = counts(tasks);
  return { ...cluster, runningTasksCount: runningCount, pendingTasksCount: pendingCount };
}

export function listOf(value: unknown): Wire[] {
  return Array.isArray(value) ? (value as Wire[]) : [];
}

function withoutUndefined(value: Wire): Wire {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}
