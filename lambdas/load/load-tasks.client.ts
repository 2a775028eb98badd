import { createHash } from 'node:crypto';
import {
  DescribeTasksCommand,
  type ECSClient,
  paginateListTasks,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';

export class TaskNotPlaced extends Error {
  constructor(definition: string, reasons: string) {
    super(`ECS could not start ${definition}: ${reasons}`);
    this.name = 'TaskNotPlaced';
  }
}

export interface LoadTasksConfig {
  cluster: string;
  masterTask: string;
  workerTask: string;
  subnets: string[];
  securityGroup: string;
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
/** ECS describes at most this many tasks a call. */
const describedPerCall = 100;

/** Runtime access to the load generator's tasks. A run's tasks are found again by `startedBy`: its run id. */
export class LoadTasks {
  private readonly ecs: ECSClient;
  private readonly config: LoadTasksConfig;

  constructor(ecs: ECSClient, config: LoadTasksConfig) {
    this.ecs = ecs;
    this.config = config;
  }

  /**
   * Starts `count` tasks; called again for the same run it starts no others.
   * @throws TaskNotPlaced: `RunTask` answers 200 with `failures[]` when there is no capacity.
   */
  async run(role: LoadTask['role'], runId: string, count: number, variables: Variables): Promise<void> {
    for (let first = 0; first < count; first += tasksPerCall) {
      await this.runSome(role, runId, { first, count: Math.min(tasksPerCall, count - first) }, variables);
    }
  }

  private async runSome(
    role: LoadTask['role'],
    runId: string,
    { first, count }: { first: number; count: number },
    variables: Variables,
  ): Promise<void> {
    const taskDefinition = role === 'master' ? this.config.masterTask : this.config.workerTask;
    const { failures } = await this.ecs.send(
      new RunTaskCommand({
        cluster: this.config.cluster,
        taskDefinition,
        count,
        launchType: 'FARGATE',
        startedBy: runId,
        clientToken: clientToken(runId, role, first),
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: this.config.subnets,
            securityGroups: [this.config.securityGroup],
            assignPublicIp: 'DISABLED',
          },
        },
        overrides: {
          containerOverrides: [
            { name: 'locust', environment: Object.entries(variables).map(([name, value]) => ({ name, value })) },
          ],
        },
        tags: [{ key: 'faultline:role', value: role }],
      }),
    );
    if (failures?.length) {
      throw new TaskNotPlaced(taskDefinition, failures.map((f) => `${f.reason} ${f.detail ?? ''}`.trim()).join('; '));
    }
  }

  async tasks(runId: string): Promise<LoadTask[]> {
    const listed = await Promise.all([this.arns('RUNNING', runId), this.arns('STOPPED', runId)]);
    return this.describe([...new Set(listed.flat())]);
  }

  /** Of all runs, those that have not been asked to stop. */
  async living(): Promise<LoadTask[]> {
    return this.describe(await this.arns('RUNNING'));
  }

  private async describe(arns: string[]): Promise<LoadTask[]> {
    const described = await Promise.all(
      chunks(arns, describedPerCall).map((tasks) =>
        this.ecs.send(new DescribeTasksCommand({ cluster: this.config.cluster, tasks })),
      ),
    );
    return described.flatMap((page) => page.tasks ?? []).map((task) => this.view(task));
  }

  async stop(task: LoadTask, reason: string): Promise<void> {
    await this.ecs.send(new StopTaskCommand({ cluster: this.config.cluster, task: task.arn, reason }));
  }

  private async arns(desiredStatus: 'RUNNING' | 'STOPPED', startedBy?: string): Promise<string[]> {
    const arns: string[] = [];
    const pages = paginateListTasks({ client: this.ecs }, { cluster: this.config.cluster, startedBy, desiredStatus });
    for await (const { taskArns } of pages) arns.push(...(taskArns ?? []));
    return arns;
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

function chunks<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
