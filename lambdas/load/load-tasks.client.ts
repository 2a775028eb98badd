import {
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
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
  role: 'master' | 'worker';
  lastStatus: string;
  address: string | null;
  stoppedReason: string | null;
}

type Variables = Record<string, string>;

/** Runtime access to the load generator's tasks. A run's tasks are found again by `startedBy`: its run id. */
export class LoadTasks {
  private readonly ecs: ECSClient;
  private readonly config: LoadTasksConfig;

  constructor(ecs: ECSClient, config: LoadTasksConfig) {
    this.ecs = ecs;
    this.config = config;
  }

  /** @throws TaskNotPlaced: `RunTask` answers 200 with `failures[]` when there is no capacity. */
  async run(role: LoadTask['role'], runId: string, count: number, variables: Variables): Promise<void> {
    const taskDefinition = role === 'master' ? this.config.masterTask : this.config.workerTask;
    const { failures } = await this.ecs.send(
      new RunTaskCommand({
        cluster: this.config.cluster,
        taskDefinition,
        count,
        launchType: 'FARGATE',
        startedBy: runId.slice(0, 36),
        clientToken: `${runId.slice(0, 50)}-${role}`,
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
    const startedBy = runId.slice(0, 36);
    const [running, stopped] = await Promise.all(
      (['RUNNING', 'STOPPED'] as const).map((desiredStatus) =>
        this.ecs.send(new ListTasksCommand({ cluster: this.config.cluster, startedBy, desiredStatus })),
      ),
    );
    const arns = [...new Set([...(running?.taskArns ?? []), ...(stopped?.taskArns ?? [])])];
    if (arns.length === 0) return [];
    const described = await Promise.all(
      chunks(arns, 100).map((tasks) =>
        this.ecs.send(new DescribeTasksCommand({ cluster: this.config.cluster, tasks })),
      ),
    );
    return described.flatMap((page) => page.tasks ?? []).map((task) => this.view(task));
  }

  async stop(task: LoadTask, reason: string): Promise<void> {
    await this.ecs.send(new StopTaskCommand({ cluster: this.config.cluster, task: task.arn, reason }));
  }

  private view(task: Task): LoadTask {
    return {
      arn: task.taskArn ?? '',
      role: (task.taskDefinitionArn ?? '').includes(familyOf(this.config.masterTask)) ? 'master' : 'worker',
      lastStatus: task.lastStatus ?? 'UNKNOWN',
      address: task.containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address ?? null,
      stoppedReason: task.stoppedReason || null,
    };
  }
}

/** The family in a task definition's ARN or `family:revision`. */
function familyOf(taskDefinition: string): string {
  return taskDefinition.replace(/^.*task-definition\//, '').replace(/:\d+$/, '');
}

function chunks<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
