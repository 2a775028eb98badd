import { TaskNotPlaced } from '../../../lambdas/aws/ecs-tasks.client.ts';
import { startLoad, stopLoad } from '../../../lambdas/load/load.ts';
import type { LoadTask, LoadTasks } from '../../../lambdas/load/load-tasks.client.ts';
import { longestSeconds, type Run, waitLimits } from '../../../lambdas/runs/run.ts';
import { fakeClock } from '../support/clock.ts';
import { contextOf } from '../support/context.ts';
import { aRun, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

/** Tasks in memory, behind our own interface to them; `tick` lets them go on. */
class FakeTasks implements Pick<LoadTasks, 'run' | 'tasks' | 'stop'> {
  readonly calls: string[] = [];
  readonly environments: Record<string, Record<string, string>> = {};
  all: LoadTask[] = [];
  isStuck = false;

  async run(role: LoadTask['role'], runId: string, count: number, variables: Record<string, string>): Promise<void> {
    this.calls.push(`run ${count} ${role}`);
    this.environments[role] = variables;
    for (let i = 0; i < count; i++) {
      this.all.push({
        arn: `${runId}/${role}/${i}`,
        role,
        lastStatus: 'PROVISIONING',
        address: null,
        stoppedReason: null,
        startedBy: runId,
      });
    }
  }

  async tasks(): Promise<LoadTask[]> {
    return this.all.map((task) => ({ ...task }));
  }

  async stop(task: LoadTask): Promise<void> {
    this.calls.push(`stop ${task.role}`);
    const found = this.all.find((t) => t.arn === task.arn)!;
    if (found.lastStatus !== 'STOPPED') found.lastStatus = 'DEACTIVATING';
  }

  tick(): void {
    if (this.isStuck) return;
    for (const [i, task] of this.all.entries()) {
      if (task.lastStatus === 'DEACTIVATING') task.lastStatus = 'STOPPED';
      if (task.lastStatus === 'PENDING') Object.assign(task, { lastStatus: 'RUNNING', address: `198.18.1.${i + 1}` });
      if (task.lastStatus === 'PROVISIONING') task.lastStatus = 'PENDING';
    }
  }
}

async function aLoad(changes: Partial<Run> = {}) {
  const run = aRun(changes);
  await store.runs.create(run);
  const tasks = new FakeTasks();
  const clock = fakeClock(start, () => tasks.tick());
  const context = () => contextOf(store, run, { clock });
  return { run, tasks, clock, context, io: tasks as unknown as LoadTasks };
}

describe('starting the load', () => {
  test('the master first, then the workers with its address', async () => {
    const { tasks, context, io } = await aLoad();
    expect(await startLoad(await context(), io)).toEqual({ status: 'done' });
    expect(tasks.calls).toEqual(['run 1 master', 'run 2 worker']);
    expect(tasks.environments.worker).toMatchObject({ LOCUST_MASTER_NODE_HOST: '198.18.1.1' });
  });

  test('the generator is told what to do, and when to end by itself', async () => {
    const { run, tasks, context, io } = await aLoad({ load: { users: 50, spawnRate: 5, workers: 3 } });
    await startLoad(await context(), io);
    const common = {
      FAULTLINE_RUN_ID: run.runId,
      FAULTLINE_EXPECTED_WORKERS: '3',
      FAULTLINE_MAX_SECONDS: String(longestSeconds(run.seconds)),
      LOCUST_HOST: 'http://app.example.internal:8000',
      LOCUST_LOCUSTFILE: 'locustfile.py,faultline_plugin.py',
    };
    expect(tasks.environments.master).toEqual({
      ...common,
      LOCUST_USERS: '50',
      LOCUST_SPAWN_RATE: '5',
      LOCUST_EXPECT_WORKERS: '3',
    });
    expect(tasks.environments.worker).toEqual({ ...common, LOCUST_MASTER_NODE_HOST: expect.any(String) });
  });

  test('again, when it has started, starts nothing', async () => {
    const { tasks, context, io } = await aLoad();
    await startLoad(await context(), io);
    expect(await startLoad(await context(), io)).toEqual({ status: 'done' });
    expect(tasks.calls).toHaveLength(2);
  });

  test('goes on where it was in the next slice', async () => {
    const { tasks, clock, context, io } = await aLoad();
    tasks.isStuck = true;
    expect(await startLoad(await context(), io)).toEqual({ status: 'continue' });
    expect(clock.now() - start).toBeLessThan(60);
    tasks.isStuck = false;
    expect(await startLoad(await context(), io)).toEqual({ status: 'done' });
    expect(tasks.calls).toEqual(['run 1 master', 'run 2 worker']);
  });

  test('is not over while some of the workers are missing', async () => {
    const { tasks, context, io } = await aLoad();
    await startLoad(await context(), io);
    tasks.all.pop();
    await startLoad(await context(), io);
    expect(tasks.calls.slice(2)).toEqual(['run 2 worker']);
  });

  test("a task that stopped ends it with that task's own reason", async () => {
    const { tasks, context, io } = await aLoad();
    await startLoad(await context(), io);
    Object.assign(tasks.all[2]!, { lastStatus: 'STOPPED', stoppedReason: 'OutOfMemoryError: container killed' });
    await expect(startLoad(await context(), io)).rejects.toThrow(
      'the load worker stopped: OutOfMemoryError: container killed',
    );
  });

  test('a task that could not be placed ends it', async () => {
    const { tasks, context, io } = await aLoad();
    tasks.run = async () => {
      throw new TaskNotPlaced('faultline-load-master', 'RESOURCE:MEMORY');
    };
    await expect(startLoad(await context(), io)).rejects.toThrow(
      'ECS could not start faultline-load-master: RESOURCE:MEMORY',
    );
  });

  test('is given up in the end, with what there is', async () => {
    const { run, tasks, clock, context, io } = await aLoad();
    tasks.isStuck = true;
    await store.runs.enterPhase(run.runId, 'load', start, waitLimits.startLoad);
    clock.set(start + waitLimits.startLoad - 10);
    await expect(startLoad(await context(), io)).rejects.toThrow(
      'the load generator did not start within 300 s: master PROVISIONING',
    );
  });

  test('a request to stop ends the wait', async () => {
    const { run, tasks, clock, context, io } = await aLoad();
    await store.runs.requestStop(run.runId, { reason: 'enough', by: 'ann', at: start });
    expect(await startLoad(await context(), io)).toEqual({ status: 'stop', reason: 'enough' });
    expect([tasks.calls, clock.now()]).toEqual([[], start]);
  });
});

describe('stopping the load', () => {
  test('the master first: its workers only when it is gone, and it is over when all are', async () => {
    const { run, tasks, context, io } = await aLoad();
    await startLoad(await context(), io);
    const statuses: string[] = [];
    const stop = tasks.stop.bind(tasks);
    tasks.stop = async (task) => {
      statuses.push(`${task.role} while the master is ${tasks.all[0]!.lastStatus}`);
      await stop(task);
    };
    for (let i = 0; i < 3; i++) tasks.tick();
    expect(await stopLoad(await context(), io)).toEqual({ status: 'done' });
    expect(statuses).toEqual([
      'master while the master is RUNNING',
      'worker while the master is STOPPED',
      'worker while the master is STOPPED',
    ]);
    expect(tasks.all.map((t) => t.lastStatus)).toEqual(['STOPPED', 'STOPPED', 'STOPPED']);
    expect((await store.runs.get(run.runId)).phase).toBe('verify');
  });

  test('asks each task once in a slice', async () => {
    const { tasks, context, io } = await aLoad();
    await startLoad(await context(), io);
    tasks.isStuck = true;
    expect(await stopLoad(await context(), io)).toEqual({ status: 'continue' });
    expect(tasks.calls.filter((c) => c.startsWith('stop'))).toEqual(['stop master']);
  });

  test('where nothing runs is over at once', async () => {
    const { tasks, clock, context, io } = await aLoad();
    expect(await stopLoad(await context(), io)).toEqual({ status: 'done' });
    expect([tasks.calls, clock.now()]).toEqual([[], start]);
  });

  test('does not go on for ever', async () => {
    const { tasks, clock, context, io } = await aLoad();
    await startLoad(await context(), io);
    tasks.isStuck = true;
    const began = clock.now();
    const slices = async () => {
      while ((await stopLoad(await context(), io)).status === 'continue');
    };
    await expect(slices()).rejects.toThrow(/^the load did not stop within 180 s: master DEACTIVATING, worker/);
    expect(clock.now() - began).toBeLessThan(waitLimits.stopLoad + 60);
  });
});
