import { randomUUID } from 'node:crypto';
import {
  ClusterNotFoundException,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  StopTaskCommand,
  type Task,
  type TaskDefinition,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import pLimit from 'p-limit';
import { type ClusterView, readCluster, readClusters, type ServiceView } from './control-plane.ts';
import { admissible, restartDelaySeconds, startable, stopRequestFor, unwanted } from './decide.ts';
import { readDefinitionKeys } from './definition-keys.ts';
import type { ServiceEvent, ServiceTruth } from './overlay.ts';
import { isStopped, nameOf, recordOf, serviceKey, type TaskRecord } from './task-record.ts';
import type { TaskRunner } from './task-runner.ts';

const pollEveryMs = 1_000;
const longestDescribe = 100;

/**
 * Keeps processes and control plane alike: the emulator says which tasks are wanted, this starts and stops their
 * processes, and tells the emulator which have ended by themselves, so that a service gets its replacement.
 */
export class Scheduler {
  readonly tasks = new Map<string, TaskRecord>();
  private readonly ecs: ECSClient;
  private readonly maxTasks: number;
  private readonly now: () => number;
  private readonly definitions = new Map<string, TaskDefinition>();
  private readonly refused = new Set<string>();
  private readonly completed = new Set<string>();
  private readonly events = new Map<string, ServiceEvent[]>();
  private readonly runs = new Map<string, number[]>();
  private readonly announced = new Set<TaskRecord>();
  private readonly oneAtATime = pLimit(1);
  /** Clusters in which something has changed since they were last reconciled. */
  private readonly stirred = new Set<string>();
  private readonly services = new Map<string, ServiceView>();
  private runner!: TaskRunner;
  private timer: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  private closed = false;

  /** @param now epoch milliseconds */
  constructor(ecs: ECSClient, maxTasks: number, now: () => number) {
    this.ecs = ecs;
    readDefinitionKeys(ecs);
    this.maxTasks = maxTasks;
    this.now = now;
  }

  start(runner: TaskRunner): void {
    this.runner = runner;
    const poll = () =>
      this.poll()
        .catch((error: Error) => console.error(`reconciling failed: ${error.message}`))
        .finally(() => {
          if (!this.closed) this.timer = setTimeout(poll, pollEveryMs);
        });
    void poll();
  }

  /** Stops every task by its stop signal, SIGKILL after `limitSeconds`. */
  async close(limitSeconds: number): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    clearTimeout(this.soon);
    const request = { code: 'UserInitiated', reason: 'The local stack is stopping' } as const;
    await Promise.all([...this.tasks.values()].map((task) => this.runner.stop(task, request, limitSeconds)));
  }

  /** Compares once what is wanted with what runs, cluster by cluster: a change does not wait for all of them. */
  async poll(): Promise<void> {
    if (this.closed) return;
    // A cluster that was deleted may have left some.
    const known = [...this.services.values(), ...[...this.tasks.values()].filter((task) => !isStopped(task))];
    const clusters = [...(await readClusters(this.ecs)), ...known.map(({ cluster }) => cluster)];
    for (const cluster of new Set(clusters)) {
      await this.oneAtATime(() => this.reconcile(cluster));
    }
  }

  /** Runs a change of a cluster with no reconciliation in between, then reconciles that cluster. */
  async change<T>(cluster: string, work: () => Promise<T>): Promise<T> {
    return this.oneAtATime(async () => {
      const result = await work();
      await this.reconcile(nameOf(cluster));
      return result;
    });
  }

  /**
   * Takes up tasks that RunTask has just made, as far as there is room, and takes the others back.
   * Only inside `change`. @returns the ARNs of those taken back
   */
  async admit(arns: string[]): Promise<string[]> {
    const taken = admissible([...this.tasks.values()], this.maxTasks, arns.length);
    const turnedAway = arns.slice(taken);
    for (const arn of turnedAway) {
      this.refused.add(arn);
      await this.ecs.send(new StopTaskCommand({ cluster: clusterOf(arn), task: arn, reason: 'no capacity' }));
    }
    return turnedAway;
  }

  /** Whether a task was taken back: for callers it never existed. */
  isRefused(arn: string): boolean {
    return this.refused.has(arn);
  }

  truthOf(cluster: string, service: string): ServiceTruth {
    const key = serviceKey(cluster, service);
    return { tasks: this.tasksOf(key), completed: this.completed, events: this.events.get(key) ?? [] };
  }

  /** Addresses of the running tasks of every service with this name. */
  addressesOf(service: string): string[] {
    return [...this.tasks.values()].flatMap((task) =>
      task.service?.toLowerCase() === service && task.status === 'RUNNING' && task.network !== null
        ? [task.network.address]
        : [],
    );
  }

  /** To be called after every change of a task. */
  changed(task: TaskRecord): void {
    if (task.stop !== null && !this.announced.has(task)) this.stopBegan(task);
    if (task.status === 'STOPPED') this.stopEnded(task);
    this.reconcileSoon(task.cluster);
  }

  private async reconcile(cluster: string): Promise<void> {
    if (this.closed) return;
    const { services, tasks } = await this.read(cluster);
    this.remember(cluster, services);
    const news = tasks.filter((arn) => !this.tasks.has(arn) && !this.refused.has(arn));
    for (const task of await this.describe(cluster, news)) await this.adopt(cluster, task);
    await this.stopUnwanted(cluster, new Set(tasks));
    for (const task of startable([...this.tasks.values()], this.services, this.maxTasks)) this.begin(task);
    this.noteSteadyStates(services);
  }

  /** One that was deleted, or never was, wants nothing. */
  private async read(cluster: string): Promise<ClusterView> {
    try {
      return await readCluster(this.ecs, cluster);
    } catch (error) {
      if (error instanceof ClusterNotFoundException) return { services: [], tasks: [] };
      throw error;
    }
  }

  private remember(cluster: string, services: readonly ServiceView[]): void {
    for (const [key, service] of this.services) if (service.cluster === cluster) this.services.delete(key);
    for (const service of services) this.services.set(serviceKey(cluster, service.name), service);
  }

  private begin(task: TaskRecord): void {
    if (task.service !== null) this.say(task.cluster, task.service, `has started 1 tasks: (task ${task.id}).`);
    void this.runner.start(task);
  }

  private async adopt(cluster: string, task: Task): Promise<void> {
    const arn = task.taskDefinitionArn ?? '';
    let definition = this.definitions.get(arn);
    if (definition === undefined) {
      const answer = await this.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
      definition = answer.taskDefinition ?? {};
      this.definitions.set(arn, definition);
    }
    const service = this.services.get(serviceKey(cluster, task.group?.slice('service:'.length) ?? ''));
    const record = recordOf(task, definition, service?.subnet ?? null, this.now() / 1000);
    this.tasks.set(record.arn, record);
  }

  private async stopUnwanted(cluster: string, wanted: ReadonlySet<string>): Promise<void> {
    const own = [...this.tasks.values()].filter((task) => task.cluster === cluster);
    const gone = unwanted(own, wanted);
    const arns = gone.map(({ arn }) => arn);
    const described = new Map((await this.describe(cluster, arns)).map((task) => [task.taskArn, task]));
    for (const task of gone) {
      const key = task.service === null ? '' : serviceKey(cluster, task.service);
      const deployment = this.services.get(key)?.primary?.id;
      void this.runner.stop(
        task,
        stopRequestFor(described.get(task.arn)?.stoppedReason, String(deployment ?? '') || undefined),
      );
    }
  }

  private async describe(cluster: string, arns: string[]): Promise<Task[]> {
    const found: Task[] = [];
    for (let at = 0; at < arns.length; at += longestDescribe) {
      const tasks = arns.slice(at, at + longestDescribe);
      found.push(...((await this.ecs.send(new DescribeTasksCommand({ cluster, tasks }))).tasks ?? []));
    }
    return found;
  }

  /** What the emulator does not know yet is told at once, so that it does not count a dead task as running. */
  private stopBegan(task: TaskRecord): void {
    this.announced.add(task);
    if (task.service !== null) {
      this.say(task.cluster, task.service, `has stopped 1 running tasks: (task ${task.id}).`);
    }
    if (this.closed) return;
    const { cluster, arn } = task;
    this.ecs.send(new StopTaskCommand({ cluster, task: arn, reason: task.stop?.reason })).catch((error: Error) => {
      console.error(`telling that ${arn} has ended failed: ${error.message}`);
    });
  }

  private stopEnded(task: TaskRecord): void {
    if (task.service === null || this.closed) return;
    const key = serviceKey(task.cluster, task.service);
    const { cluster, service } = task;
    const scaling = task.stop?.reason.startsWith('Scaling activity');
    if (scaling) return;
    const history = [...(this.runs.get(key) ?? []), runSeconds(task)].slice(-20);
    this.runs.set(key, history);
    const delay = task.stop?.code === 'UserInitiated' ? 0 : restartDelaySeconds(history);
    if (delay > 0) this.say(cluster, service, 'is unable to consistently start tasks successfully.');
    setTimeout(() => this.replace(cluster, service), delay * 1000);
  }

  /** An update without a change has the emulator compare a service's tasks with its desired count. */
  private replace(cluster: string, service: string): void {
    if (this.closed) return;
    this.change(cluster, () => this.ecs.send(new UpdateServiceCommand({ cluster, service }))).catch((error: Error) => {
      console.error(`replacing a task of ${service} failed: ${error.message}`);
    });
  }

  private noteSteadyStates(services: readonly ServiceView[]): void {
    for (const service of services) {
      const key = serviceKey(service.cluster, service.name);
      const id = String(service.primary?.id ?? '');
      const tasks = this.tasksOf(key).filter(({ status }) => status !== 'STOPPED');
      const running = tasks.filter(
        ({ status, definition }) =>
          status === 'RUNNING' && definition.taskDefinitionArn === service.primary?.taskDefinition,
      );
      if (id === '' || running.length !== service.desiredCount || tasks.length !== running.length) continue;
      if (this.completed.has(id)) continue;
      this.completed.add(id);
      this.say(service.cluster, service.name, 'has reached a steady state.');
    }
  }

  private say(cluster: string, service: string, what: string): void {
    const key = serviceKey(cluster, service);
    const event = { id: randomUUID(), createdAt: this.now() / 1000, message: `(service ${service}) ${what}` };
    this.events.set(key, [event, ...(this.events.get(key) ?? [])].slice(0, 100));
  }

  private tasksOf(key: string): TaskRecord[] {
    return [...this.tasks.values()].filter(
      ({ cluster, service }) => service !== null && serviceKey(cluster, service) === key,
    );
  }

  private reconcileSoon(cluster: string): void {
    if (this.closed) return;
    this.stirred.add(cluster);
    clearTimeout(this.soon);
    this.soon = setTimeout(() => {
      const clusters = [...this.stirred];
      this.stirred.clear();
      for (const each of clusters) {
        this.oneAtATime(() => this.reconcile(each)).catch((error: Error) => {
          console.error(`reconciling ${each} failed: ${error.message}`);
        });
      }
    }, 20);
  }
}

/** arn:aws:ecs:<region>:<account>:task/<cluster>/<id> */
function clusterOf(taskArn: string): string {
  return taskArn.split('/')[1] ?? '';
}

function runSeconds({ startedAt, stoppingAt }: TaskRecord): number {
  return startedAt === null || stoppingAt === null ? 0 : stoppingAt - startedAt;
}
