import { createHash } from 'node:crypto';
import type { ECSClient, Task } from '@aws-sdk/client-ecs';
import { EcsTasks, type TaskPlace } from '../aws/ecs-tasks.client.ts';

export interface LoadTasksConfig extends TaskPlace {
  masterTask: string;
  workerTask: string;
  workerCapacity: 'FARGATE' | 'FARGATE_SPOT';
  /** Where the master writes what it measures. */
  table: string;
  bucket: string;
}

export interface LoadTask {
  arn: string;
  /** The run that it is of. */
  startedBy: string | null;
  role: 'master' | 'worker';
  lastStatus: string;
  address: string | null;
  stoppedReason: string | null;
}

type Variables = Record<string, string>;

/** ECS starts at most this many tasks a call. */
const tasksPerCall = 10;

/** Runtime access to the load generator's tasks. A run's tasks are found again by `startedBy`: its run id. */
export class LoadTasks {
  private readonly ecs: EcsTasks;
  private readonly config: LoadTasksConfig;

  constructor(ecs: ECSClient, config: LoadTasksConfig) {
    this.ecs = new EcsTasks(ecs, config);
    this.config = config;
  }

  /**
   * Starts `count` tasks; called again for the same run it starts no others.
   * @throws TaskNotPlaced
   */
  async run(role: LoadTask['role'], runId: string, count: number, variables: Variables): Promise<void> {
    const isMaster = role === 'master';
    const storage = { FAULTLINE_TABLE: this.config.table, FAULTLINE_BUCKET: this.config.bucket };
    for (let first = 0; first < count; first += tasksPerCall) {
      await this.ecs.start({
        definition: isMaster ? this.config.masterTask : this.config.workerTask,
        container: 'locust',
        count: Math.min(tasksPerCall, count - first),
        startedBy: runId,
        clientToken: clientToken(runId, role, first),
        variables: isMaster ? { ...storage, ...variables } : variables,
        role,
        capacity: isMaster ? 'FARGATE' : this.config.workerCapacity,
      });
    }
  }

  async tasks(runId: string): Promise<LoadTask[]> {
    return (await this.ecs.of(runId)).map((task) => this.view(task));
  }

  /** Of all runs, those that have not been asked to stop. */
  async living(): Promise<LoadTask[]> {
    return (await this.ecs.living()).map((task) => this.view(task));
  }

  stop(task: LoadTask, reason: string): Promise<void> {
    return this.ecs.stop(task.arn, reason);
  }

  private view(task: Task): LoadTask {
    return {
      arn: task.taskArn ?? '',
      startedBy: task.startedBy ?? null,
      role: familyOf(task.taskDefinitionArn ?? '') === familyOf(this.config.masterTask) ? 'master' : 'worker',
      lastStatus: task.lastStatus ?? 'UNKNOWN',
      address: task.containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address ?? null,
      stoppedReason: task.stoppedReason || null,
    };
  }
}

/** At most 64 characters, which a run's id alone may have. */
function clientToken(runId: string, role: string, first: number): string {
  return createHash('sha256').update(`${runId} ${role} ${first}`).digest('hex');
}

/** The family in a task definition's ARN or `family:revision`. */
function familyOf(taskDefinition: string): string {
  return taskDefinition.replace(/^.*task-definition\//, '').replace(/:\d+$/, '');
}
