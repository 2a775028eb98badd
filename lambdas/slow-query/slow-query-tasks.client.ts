import { createHash } from 'node:crypto';
import type { ECSClient, Task } from '@aws-sdk/client-ecs';
import { EcsTasks, type TaskPlace } from '../aws/ecs-tasks.client.ts';

export interface SlowQueryPlace extends TaskPlace {
  /** Of the task definitions, one for each target's login: the target's id follows it. */
  family: string;
}

/** In these a task's program runs no more, nor will it again. */
const ended = ['DEPROVISIONING', 'STOPPED'];

/** Runtime access to the tasks whose sessions block a database. */
export class SlowQueryTasks {
  private readonly ecs: EcsTasks;
  private readonly family: string;

  constructor(ecs: ECSClient, { family, ...place }: SlowQueryPlace) {
    this.ecs = new EcsTasks(ecs, place);
    this.family = family;
  }

  /** Called again for the same run it starts no other. @throws TaskNotPlaced */
  async start(runId: string, targetId: string, variables: Record<string, string>): Promise<void> {
    await this.ecs.start({
      definition: `${this.family}-${targetId}`,
      container: 'slow-query',
      count: 1,
      startedBy: runId,
      clientToken: createHash('sha256').update(`${runId} slow-query`).digest('hex'),
      variables,
      role: 'slow-query',
    });
  }

  /** As long as ECS remembers them. */
  of(runId: string): Promise<Task[]> {
    return this.ecs.of(runId);
  }

  /** Whose program may be at work, now or later. */
  async living(runId: string): Promise<Task[]> {
    return (await this.of(runId)).filter(({ lastStatus }) => !ended.includes(lastStatus ?? ''));
  }

  async stop(runId: string): Promise<void> {
    const living = await this.living(runId);
    await Promise.all(living.map(({ taskArn }) => this.ecs.stop(taskArn ?? '', `run ${runId} reverts its fault`)));
  }
}
