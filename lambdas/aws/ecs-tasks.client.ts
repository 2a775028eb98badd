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

/** Where tasks run. */
export interface TaskPlace {
  cluster: string;
  subnets: string[];
  securityGroup: string;
  /** In public subnets a task has no other way to AWS. Default DISABLED. */
  publicIp?: 'ENABLED' | 'DISABLED';
}

export interface TasksToStart {
  definition: string;
  container: string;
  /** At most ten. */
  count: number;
  /** The run that they are of, by which they are found again. */
  startedBy: string;
  /** At most 64 characters: a call with one that was used before starts no others. */
  clientToken: string;
  variables: Record<string, string>;
  role: string;
  /** Default FARGATE. */
  capacity?: 'FARGATE' | 'FARGATE_SPOT';
}

/** ECS describes at most this many tasks a call. */
const describedPerCall = 100;

/** Runtime access to the tasks of one cluster that belong to no service. */
export class EcsTasks {
  private readonly ecs: ECSClient;
  private readonly place: TaskPlace;

  constructor(ecs: ECSClient, place: TaskPlace) {
    this.ecs = ecs;
    this.place = place;
  }

  /** @throws TaskNotPlaced: `RunTask` answers 200 with `failures[]` when there is no capacity. */
  async start(tasks: TasksToStart): Promise<void> {
    const { definition, container, count, startedBy, clientToken, variables, role, capacity = 'FARGATE' } = tasks;
    const { cluster, subnets, securityGroup, publicIp = 'DISABLED' } = this.place;
    const environment = Object.entries(variables).map(([name, value]) => ({ name, value }));
    const { failures } = await this.ecs.send(
      new RunTaskCommand({
        cluster,
        taskDefinition: definition,
        count,
        // A launch type is always at hand; spare capacity has to be asked for by its provider.
        ...(capacity === 'FARGATE'
          ? { launchType: capacity }
          : { capacityProviderStrategy: [{ capacityProvider: capacity, weight: 1 }] }),
        startedBy,
        clientToken,
        networkConfiguration: {
          awsvpcConfiguration: { subnets, securityGroups: [securityGroup], assignPublicIp: publicIp },
        },
        overrides: { containerOverrides: [{ name: container, environment }] },
        tags: [{ key: 'faultline:role', value: role }],
      }),
    );
    if (failures?.length) {
      throw new TaskNotPlaced(definition, failures.map((f) => `${f.reason} ${f.detail ?? ''}`.trim()).join('; '));
    }
  }

  /** All tasks of a run that ECS still knows. */
  async of(startedBy: string): Promise<Task[]> {
    const listed = await Promise.all([this.arns('RUNNING', startedBy), this.arns('STOPPED', startedBy)]);
    return this.describe([...new Set(listed.flat())]);
  }

  /** Of all runs, those that have not been asked to stop. */
  async living(): Promise<Task[]> {
    return this.describe(await this.arns('RUNNING'));
  }

  async stop(arn: string, reason: string): Promise<void> {
    await this.ecs.send(new StopTaskCommand({ cluster: this.place.cluster, task: arn, reason }));
  }

  private async describe(arns: string[]): Promise<Task[]> {
    const described = await Promise.all(
      chunks(arns, describedPerCall).map((tasks) =>
        this.ecs.send(new DescribeTasksCommand({ cluster: this.place.cluster, tasks })),
      ),
    );
    return described.flatMap((page) => page.tasks ?? []);
  }

  private async arns(desiredStatus: 'RUNNING' | 'STOPPED', startedBy?: string): Promise<string[]> {
    const arns: string[] = [];
    const pages = paginateListTasks({ client: this.ecs }, { cluster: this.place.cluster, startedBy, desiredStatus });
    for await (const { taskArns } of pages) arns.push(...(taskArns ?? []));
    return arns;
  }
}

function chunks<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
