import { isConclusive, type Overrides } from '../../../lambdas/runs/run.ts';
import { DeployedApp } from '../../support/e2e-stack.ts';
import { type BenchmarkIo, defineBenchmark } from '../benchmark.ts';
import { alarmsOf } from '../repeated/alarms.ts';
import { partOf, refusePart } from '../repeated/part.ts';
import { singleRun } from '../repeated/single-run.ts';
import { upperBound } from '../repeated/upper-bound.ts';
import { untilStopped } from '../until-stopped.ts';

const runs = 20;
/** Runs that vetoed themselves say nothing of the target, and are made again; of more than these something is wrong. */
const mostInconclusive = 5;
const targets = ['sample', 'second'];
/** Each phase long enough for all that is judged in it; both targets' load together is that of one run. */
const shortened: Overrides = {
  seconds: { baseline: 12, fault: 10, recoveryLimit: 20, after: 8 },
  load: { users: 50, spawnRate: 25 },
};

/** Whether a run in which nothing was broken says that something is. */
export const falseAlarms = defineBenchmark({
  ids: {
    'false-alarms': {
      unit: 'runs',
      goal: { at: 'most', value: 0 },
      what: `of ${runs} shortened control runs, those that report a fault, an issue, a row outside its band or lost data`,
    },
    'false-alarms-bound': {
      unit: '%',
      goal: { at: 'most', value: 14 },
      what: 'of all such runs at most this share, with 95 % confidence: what none of 20 shows, and no more',
    },
  },
  async run({ signal, progress }) {
    const wanted = partOf(runs);
    const app = await DeployedApp.deploy({ targets });
    try {
      const made = await untilStopped(app, signal, controlRuns(app, wanted, { signal, progress }));
      return figures(made, wanted);
    } finally {
      await app.stack.stop();
    }
  },
});

interface Made {
  runId: string;
  /** Empty: it says that nothing is wrong. */
  alarms: string[];
}

/** As many at once as there are targets. @throws Error when too many of them are not conclusive */
async function controlRuns(app: DeployedApp, wanted: number, { signal, progress }: BenchmarkIo) {
  const conclusive: Made[] = [];
  const inconclusive: Made[] = [];
  let open = wanted;
  const workOn = async (target: string) => {
    while (open > 0) {
      open -= 1;
      const result = await singleRun(app, { target, scenario: 'control', overrides: shortened }, signal);
      const { runId, verdict } = result;
      const made = { runId, alarms: alarmsOf(result) };
      (isConclusive(result) ? conclusive : inconclusive).push(made);
      if (!isConclusive(result)) open += 1;
      if (inconclusive.length > mostInconclusive) {
        const why = inconclusive.map((m) => m.alarms[0]).join(' | ');
        throw new Error(`${inconclusive.length} runs were not conclusive: ${why}`);
      }
      const last = [runId, ...(made.alarms.length > 0 ? made.alarms : [verdict])].join(': ');
      progress(`${conclusive.length} of ${wanted} runs, ${alarmed(conclusive).length} with alarms; ${last}`);
    }
  };
  await Promise.all(targets.map(workOn));
  return { conclusive, inconclusive };
}

const alarmed = (made: readonly Made[]) => made.filter(({ alarms }) => alarms.length > 0);

function figures({ conclusive, inconclusive }: Awaited<ReturnType<typeof controlRuns>>, wanted: number) {
  const alarms = alarmed(conclusive);
  const bound = 100 * upperBound(alarms.length, conclusive.length);
  const detail = { runs: conclusive.length, alarms, inconclusive, shortened, atOnce: targets.length };
  refusePart(wanted, runs, { bound, ...detail });
  return {
    'false-alarms': { value: alarms.length, detail },
    'false-alarms-bound': {
      value: bound,
      detail: { runs: conclusive.length, alarms: alarms.length, confidence: 0.95 },
    },
  };
}
