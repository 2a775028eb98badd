import { scoreEstimate } from '../../../lambdas/comparison/figures.ts';
import { type Difference, type Estimate, isBeyondNoise, meanOfDifferences } from '../../../lambdas/comparison/noise.ts';
import type { Overrides } from '../../../lambdas/runs/run.ts';
import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import type { ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import { DeployedApp } from '../../support/e2e-stack.ts';
import { type BenchmarkIo, defineBenchmark } from '../benchmark.ts';
import { partOf, refusePart } from '../repeated/part.ts';
import { singleRun } from '../repeated/single-run.ts';
import { untilStopped } from '../until-stopped.ts';

const pairs = 3;
/** Runs that vetoed themselves have no score, and are made again; of more than these something is wrong. */
const mostUnscored = 15;
const scenarios = availableScenarios.filter(({ fault }) => fault !== null).map(({ id }) => id);
/** The same application three times: as it is, once more as it is, and with every good behaviour off. */
const lanes = { resilient: 'sample', alike: 'second', fragile: 'third' } as const;
type Lane = keyof typeof lanes;
const laneNames = Object.keys(lanes) as Lane[];

/**
 * Beyond the recovery of every application here: the one without its good behaviours took from 30 s to over 45 s. With a
 * limit among these one run would have a recovery and the next none, and the noise of the scores would be the limit's.
 */
const recoveryLimit = 120;
const shortened: Overrides = {
  seconds: { baseline: 12, fault: 12, recoveryLimit, after: 8 },
  load: { users: 40, spawnRate: 20 },
};
/** Here the application's limit of a request, 30 s, has to be seen. */
const held = 35;
const overridesOf = (scenario: ScenarioId): Overrides =>
  scenario === 'slow-query' ? { ...shortened, seconds: { ...shortened.seconds, fault: held } } : shortened;

/** Whether the score tells a resilient application from a fragile one, and two that are alike not. */
export const discrimination = defineBenchmark({
  ids: {
    discrimination: {
      unit: 'scenarios',
      goal: { at: 'least', value: 5 },
      what: `of ${scenarios.length}, those in which the score's difference, resilient less fragile, of ${pairs} pairs excludes 0 with 95 % confidence`,
    },
    'discrimination-alike': {
      unit: 'scenarios',
      goal: { at: 'most', value: 0 },
      what: `of them, those in which it does so between two resilient applications`,
    },
  },
  async run({ signal, progress }) {
    const wanted = partOf(pairs);
    const app = await DeployedApp.deploy({
      targets: Object.values(lanes),
      appOn: 'host',
      fragile: { [lanes.fragile]: 'all' },
    });
    try {
      const made = await untilStopped(app, signal, pairedRuns(app, wanted, { signal, progress }));
      return figures(made, wanted);
    } finally {
      await app.stack.stop();
    }
  },
});

type Scores = Map<ScenarioId, Estimate[]>;

/** As many runs with a score of each scenario in each lane. @throws Error when too many have none */
async function pairedRuns(app: DeployedApp, wanted: number, { signal, progress }: BenchmarkIo) {
  const scores = Object.fromEntries(laneNames.map((lane) => [lane, new Map()])) as Record<Lane, Scores>;
  const unscored: string[] = [];
  let scored = 0;
  const workOn = async (lane: Lane, place: number) => {
    // Each lane begins elsewhere, so that those that press the processor hardest do not do so at once.
    const open = Array.from({ length: wanted }, () => rotated(scenarios, place)).flat();
    for (let scenario = open.shift(); scenario; scenario = open.shift()) {
      const asked = { target: lanes[lane], scenario, overrides: overridesOf(scenario) };
      const { score, verdict, reason } = await singleRun(app, asked, signal);
      const estimate = score && scoreEstimate(score.overall, score.overallInterval);
      if (estimate) {
        scores[lane].set(scenario, [...(scores[lane].get(scenario) ?? []), estimate]);
        scored += 1;
      } else {
        unscored.push(`${lane}, ${scenario}: ${verdict}, ${reason}`);
        open.push(scenario);
      }
      if (unscored.length > mostUnscored)
        throw new Error(`${unscored.length} runs had no score: ${unscored.join(' | ')}`);
      const all = wanted * scenarios.length * laneNames.length;
      progress(
        `${scored} of ${all} runs, ${unscored.length} without a score; ${estimate ? `${lane}, ${scenario}: ${estimate.value}` : unscored.at(-1)}`,
      );
    }
  };
  await Promise.all(laneNames.map(workOn));
  return { scores, unscored };
}

const rotated = <T>(items: readonly T[], place: number): T[] => {
  const from = Math.floor((place * items.length) / laneNames.length);
  return [...items.slice(from), ...items.slice(0, from)];
};

/** @throws Error where only a part was asked for */
function figures({ scores, unscored }: Awaited<ReturnType<typeof pairedRuns>>, wanted: number) {
  const rows = scenarios.map((scenario) => {
    const [resilient, alike, fragile] = laneNames.map((lane) => scores[lane].get(scenario)!) as [
      Estimate[],
      Estimate[],
      Estimate[],
    ];
    const differences = { apart: ofPairs(resilient, fragile), control: ofPairs(resilient, alike) };
    return { scenario, resilient, alike, fragile, ...differences };
  });
  const detail = { pairs, shortened, held, scenarios: rows, unscored };
  refusePart(wanted, pairs, detail);
  const beyond = (name: 'apart' | 'control') => rows.filter((row) => isBeyondNoise(row[name]!)).length;
  return {
    discrimination: { value: beyond('apart'), detail },
    'discrimination-alike': { value: beyond('control'), detail: { pairs } },
  };
}

/** Of one pair there is no interval. */
const ofPairs = (some: readonly Estimate[], others: readonly Estimate[]): Difference | null =>
  some.length < 2 ? null : meanOfDifferences(some.map((a, i) => [a, others[i]!] as const));
