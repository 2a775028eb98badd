import type { SliceResult } from '../aws/step.ts';
import { longestSeconds, type Run, waitLimits } from '../runs/run.ts';
import type { RunContext } from '../runs/run-context.ts';
import { guard } from '../safety/guard.ts';
import type { Target } from '../target/target.ts';
import type { LoadTask, LoadTasks } from './load-tasks.client.ts';

export class LoadFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LoadFailed';
  }
}

const sliceSeconds = 45;

/** Between two looks at a load's tasks, each of which asks three times for every hundred: ECS sustains some twenty calls a second. */
export const pollSeconds = (workers: number): number => (workers < 50 ? 0.5 : 2);
const recorder = 'faultline_plugin.py';

/**
 * Starts the master, then the workers as soon as it has an address. Called again it goes on where it was.
 * @throws LoadFailed when a task stops or does not start in time; TaskNotPlaced
 */
export async function startLoad(context: RunContext, tasks: LoadTasks): Promise<SliceResult> {
  const { run, runs, clock, io } = context;
  const { startedAt } = await runs.enterPhase(run.runId, 'load', clock.now(), waitLimits.startLoad);
  const until = clock.now() + sliceSeconds;
  const stopReason = guard(context);
  while (clock.now() < until) {
    const stop = await stopReason();
    if (stop) return { status: 'stop', reason: stop };
    const found = await tasks.tasks(run.runId);
    assertAlive(found);
    const master = found.find((t) => t.role === 'master');
    if (!master) {
      await tasks.run('master', run.runId, 1, masterVariables(run, io.target));
    } else if (found.filter((t) => t.role === 'worker').length >= run.load.workers) {
      return { status: 'done' };
    } else if (master.lastStatus === 'RUNNING' && master.address) {
      await tasks.run('worker', run.runId, run.load.workers, workerVariables(run, io.target, master.address));
    }
    if (clock.now() > startedAt + waitLimits.startLoad) {
      throw new LoadFailed(`the load generator did not start within ${waitLimits.startLoad} s: ${summary(found)}`);
    }
    await clock.sleep(pollSeconds(run.load.workers));
  }
  return { status: 'continue' };
}

/**
 * Ends the load and waits until its tasks have stopped, so that their last windows are in the bucket. The experiment
 * is over with that: the phase tells the observers.
 * @throws LoadFailed when a task does not stop in time
 */
export async function stopLoad({ run, runs, clock }: RunContext, tasks: LoadTasks): Promise<SliceResult> {
  const { startedAt } = await runs.enterPhase(run.runId, 'verify', clock.now(), null);
  const until = clock.now() + sliceSeconds;
  const asked = new Set<string>();
  let living: LoadTask[] = [];
  while (clock.now() < until) {
    living = (await tasks.tasks(run.runId)).filter((t) => t.lastStatus !== 'STOPPED');
    if (living.length === 0) return { status: 'done' };
    // The master first: it asks its workers for their last figures. They are stopped only when it is gone.
    const masters = living.filter((t) => t.role === 'master');
    for (const task of masters.length ? masters : living) {
      if (asked.has(task.arn)) continue;
      await tasks.stop(task, `run ${run.runId} has ended`);
      asked.add(task.arn);
    }
    await clock.sleep(pollSeconds(run.load.workers));
  }
  // Never before a whole slice: the run may have been in this phase for long when its clean-up comes here.
  if (clock.now() > startedAt + waitLimits.stopLoad) {
    throw new LoadFailed(`the load did not stop within ${waitLimits.stopLoad} s: ${summary(living)}`);
  }
  return { status: 'continue' };
}

function assertAlive(tasks: LoadTask[]): void {
  const stopped = tasks.find((t) => t.lastStatus === 'STOPPED');
  if (stopped) throw new LoadFailed(`the load ${stopped.role} stopped: ${stopped.stoppedReason ?? 'no reason given'}`);
}

const summary = (tasks: LoadTask[]) => tasks.map((t) => `${t.role} ${t.lastStatus}`).join(', ') || 'no tasks';

type LoadedTarget = Pick<Target, 'endpoint' | 'load'>;

/** As Locust takes them: the target's own files as they are, and the recorder beside them. */
export const locustFiles = ({ files }: Target['load']) => [...files, recorder].join(',');

function commonVariables(run: Run, { endpoint, load }: LoadedTarget): Record<string, string> {
  return {
    FAULTLINE_RUN_ID: run.runId,
    FAULTLINE_EXPECTED_WORKERS: String(run.load.workers),
    // The generator ends by itself, whatever became of the orchestrator.
    FAULTLINE_MAX_SECONDS: String(longestSeconds(run.seconds)),
    LOCUST_HOST: endpoint,
    LOCUST_LOCUSTFILE: locustFiles(load),
  };
}

function masterVariables(run: Run, target: LoadedTarget): Record<string, string> {
  return {
    ...commonVariables(run, target),
    LOCUST_USERS: String(run.load.users),
    LOCUST_SPAWN_RATE: String(run.load.spawnRate),
    LOCUST_EXPECT_WORKERS: String(run.load.workers),
  };
}

function workerVariables(run: Run, target: LoadedTarget, master: string): Record<string, string> {
  return { ...commonVariables(run, target), LOCUST_MASTER_NODE_HOST: master };
}
