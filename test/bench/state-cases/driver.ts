import type { DeployedApp } from '../../support/e2e-stack.ts';
import { type DeployedCase, deployedCases } from './deployed-case.ts';
import { deployedMachines } from './deployed-machines.ts';
import { loadProcesses } from './load-stand-in.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

export interface RunOptions {
  /** Each is under test by one case at a time. */
  targets: readonly string[];
  signal?: AbortSignal;
  onEnd?(outcome: Outcome): void;
}

/** Runs cases on a deployed app that nobody else uses. */
export interface StateCases {
  all: readonly DeployedCase[];
  /**
   * In this order, as many at once as there are targets. A target that a case did not give back is not used again; when
   * none is left, the other cases are not run.
   */
  run(cases: readonly DeployedCase[], options: RunOptions): Promise<Outcome[]>;
  /** What is left of anything, a line each; to be asked when no run is going on. */
  leftOfAll(): Promise<string[]>;
}

/** @param name what its runs are called and a number: another stack's processes are beside this one's */
export async function stateCases(app: DeployedApp, name = 'case'): Promise<StateCases> {
  const machines = await deployedMachines(app);
  let runs = 0;

  async function run(cases: readonly DeployedCase[], { targets, signal, onEnd }: RunOptions): Promise<Outcome[]> {
    const waiting = [...cases];
    const outcomes: Outcome[] = [];
    const workOn = async (target: string) => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        signal?.throwIfAborted();
        const outcome = await outcomeOf(machines, next, { runId: `${name}-${++runs}`, target });
        outcomes.push(outcome);
        onEnd?.(outcome);
        if (await isLeased(target)) return;
      }
    };
    await Promise.all(targets.map(workOn));
    return outcomes;
  }

  async function isLeased(target: string): Promise<boolean> {
    return (await app.items('lease')).some(({ sk }) => sk === `target/${target}`);
  }

  async function leftOfAll(): Promise<string[]> {
    const [leases, undoRecords, tasks] = await Promise.all([app.items('lease'), app.items('undo'), app.loadTasks()]);
    return [
      ...leases.map(({ sk, data }) => `lease of ${sk} by ${data.runId}`),
      ...undoRecords.filter(({ data }) => data.status !== 'done').map(({ sk, data }) => `undo of ${sk} ${data.status}`),
      ...tasks.map(({ taskArn }) => `load task ${taskArn}`),
      ...loadProcesses((runId) => runId?.startsWith(`${name}-`) ?? false).map((pid) => `load process ${pid}`),
    ];
  }

  return { all: deployedCases(machines), run, leftOfAll };
}
