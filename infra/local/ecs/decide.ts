import { isPlaced, isStopped, type StopRequest, serviceKey, type TaskRecord } from './task-record.ts';

/** What of a service decides which of its tasks may run. */
export interface ServiceLimits {
  desiredCount: number;
  maximumPercent: number;
}

/**
 * The waiting tasks that may start now, oldest first.
 *
 * A service may not have more than `maximumPercent` of its desired count (at least one) at once, counting those that
 * are still stopping: with 0 %/100 % the old process is gone before the new one opens the same volume.
 * @param services by `serviceKey`
 * @param maxTasks placed tasks at once, over all services
 */
export function startable(
  tasks: readonly TaskRecord[],
  services: ReadonlyMap<string, ServiceLimits>,
  maxTasks: number,
): TaskRecord[] {
  let room = maxTasks - tasks.filter(isPlaced).length;
  const placed = new Map<string, number>();
  for (const task of tasks.filter(isPlaced)) count(placed, task, 1);
  const waiting = tasks.filter((task) => task.status === 'PROVISIONING' && task.stop === null);
  return waiting
    .toSorted((a, b) => a.createdAt - b.createdAt)
    .filter((task) => {
      if (room <= 0) return false;
      if (task.service !== null) {
        const key = serviceKey(task.cluster, task.service);
        const limits = services.get(key);
        if (limits === undefined || (placed.get(key) ?? 0) >= mostTasks(limits)) return false;
        count(placed, task, 1);
      }
      room--;
      return true;
    });
}

function mostTasks({ desiredCount, maximumPercent }: ServiceLimits): number {
  return Math.max(1, Math.floor((desiredCount * maximumPercent) / 100));
}

function count(placed: Map<string, number>, task: TaskRecord, by: number): void {
  if (task.service === null) return;
  const key = serviceKey(task.cluster, task.service);
  placed.set(key, (placed.get(key) ?? 0) + by);
}

/** Tasks that the control plane no longer wants, and that are not yet asked to stop. */
export function unwanted(tasks: readonly TaskRecord[], wanted: ReadonlySet<string>): TaskRecord[] {
  return tasks.filter((task) => !isStopped(task) && task.stop === null && !wanted.has(task.arn));
}

/** How many of `asked` new tasks there is room for. */
export function admissible(tasks: readonly TaskRecord[], maxTasks: number, asked: number): number {
  const existing = tasks.filter((task) => !isStopped(task)).length;
  return Math.max(0, Math.min(asked, maxTasks - existing));
}

const byScheduler = [
  'Service scaling down',
  'Service deleted',
  'Task definition updated',
  'Deployment completed',
  'Deployment capacity limit',
];

/** ECS' own code and words for why the emulator stopped a task. */
export function stopRequestFor(emulatorReason: string | undefined, deploymentId: string | undefined): StopRequest {
  if (emulatorReason !== undefined && byScheduler.includes(emulatorReason)) {
    const by = deploymentId === undefined ? '' : ` by (deployment ${deploymentId})`;
    return { code: 'ServiceSchedulerInitiated', reason: `Scaling activity initiated${by}` };
  }
  return { code: 'UserInitiated', reason: emulatorReason || 'Task stopped by user' };
}

const healthyRunSeconds = 10;
const longestDelaySeconds = 60;

/**
 * How long a service waits before it replaces a task that ended by itself. The first replacement comes at once; tasks
 * that die within 10 s of their start are a crash loop and double the wait: 1, 2, 4 … at most 60 s. (ECS' own figures
 * are not documented beyond "incrementally"; its limit is 15 minutes.)
 * @param runs how long each of the last tasks ran, in seconds, the newest last; 0 for one that never started
 */
export function restartDelaySeconds(runs: readonly number[]): number {
  const lastHealthy = runs.findLastIndex((seconds) => seconds >= healthyRunSeconds);
  const failures = runs.length - 1 - lastHealthy;
  return failures <= 1 ? 0 : Math.min(longestDelaySeconds, 2 ** (failures - 2));
}
