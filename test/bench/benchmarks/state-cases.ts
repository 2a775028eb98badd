import { bindFault } from '../../../lambdas/faults/registry.ts';
import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import type { AppOn } from '../../../lib/sample-target/sample-target.ts';
import { aTarget } from '../../lambdas/support/target.ts';
import { DeployedApp } from '../../support/e2e-stack.ts';
import { defineBenchmark, type Goal } from '../benchmark.ts';
import { sideBySide } from '../side-by-side.ts';
import { type StateCases, stateCases as stateCasesOn } from '../state-cases/driver.ts';
import { loadStandIn } from '../state-cases/load-stand-in.ts';
import { numberOfStates } from '../state-cases/number-of-states.ts';
import type { Outcome } from '../state-cases/outcome.ts';
import { untilStopped } from '../until-stopped.ts';

/**
 * As many cases at once. Most of a case is waiting, but not where there is a guest, which costs more than all the rest of
 * its case; that is why those on hosts and the others are worked on side by side.
 */
const targetsOn: Readonly<Record<AppOn, number>> = { service: 4, host: 4 };
/** Of one target its services, the load of a run and a slow query, with some to spare while they change. */
const tasksOfATarget = 10;

/** Whether anything is left behind when a state of a machine fails. */
export const stateCases = defineBenchmark({
  ids: {
    'state-cases': {
      unit: 'cases',
      get goal(): Goal {
        return { at: 'least', value: 2 * numberOfStates() };
      },
      what: 'states of the scenario and clean-up machines that were made to fail, each by an error and by a time-out',
    },
    'state-leaks': {
      unit: 'leaks',
      goal: { at: 'most', value: 0 },
      what: 'what they left behind: executions, faults, undo records, leases, load, runs without their verdict or result',
    },
  },
  async run({ signal, progress }) {
    const startedAt = Date.now();
    const on = (appOn: AppOn) => (either: AbortSignal) => runOn(appOn, either, progress);
    const results = await sideBySide(signal, [on('service'), on('host')]);
    const outcomes = results.flatMap((result) => result.outcomes);
    const leaks = results.flatMap((result) => result.leaks);
    const detail = { ...summary(outcomes), seconds: (Date.now() - startedAt) / 1000 };
    return {
      'state-cases': { value: outcomes.length, detail },
      'state-leaks': { value: leaks.length, detail: { leaks } },
    };
  },
});

const { database } = aTarget();
const hostless = aTarget({ database: database && { ...database, tables: ['stories'] }, hosts: null });
/** The machines of scenarios that do not apply to a target without hosts. */
const hostMachines: ReadonlySet<string> = new Set(
  availableScenarios
    .filter(({ fault }) => fault !== null && bindFault(fault).lacks(hostless) !== null)
    .map(({ id }) => `faultline-${id}`),
);

async function runOn(appOn: AppOn, signal: AbortSignal, progress: (text: string) => void) {
  const targets = Array.from({ length: targetsOn[appOn] }, (_, i) => `target-${i + 1}`);
  const app = await DeployedApp.deploy({
    ...{ targets, appOn, images: loadStandIn, maxTasks: tasksOfATarget * targets.length },
  });
  try {
    const driver = await stateCasesOn(app, appOn);
    const cases = driver.all.filter(({ machine }) => hostMachines.has(machine) === (appOn === 'host'));
    const outcomes = await untilStopped(app, signal, runAll(driver, cases, { appOn, targets, signal, progress }));
    const leaks = [
      ...outcomes.flatMap(({ id, left }) => left.map((line) => `${id}: ${line}`)),
      ...(await driver.leftOfAll()).map((line) => `after all cases: ${line}`),
    ];
    return { outcomes, leaks };
  } finally {
    await app.stack.stop();
  }
}

interface Options {
  appOn: AppOn;
  targets: string[];
  signal: AbortSignal;
  progress: (text: string) => void;
}

function runAll(
  driver: StateCases,
  cases: StateCases['all'],
  { appOn, targets, signal, progress }: Options,
): Promise<Outcome[]> {
  let [ended, leaking] = [0, 0];
  return driver.run(spread(cases), {
    targets,
    signal,
    onEnd({ id, left }) {
      ended += 1;
      if (left.length > 0) leaking += 1;
      progress(`${ended} of ${cases.length} cases on ${appOn}s, ${leaking} left something; ${id}`);
    },
  });
}

const goldenRatio = (1 + Math.sqrt(5)) / 2;

/**
 * In an order that has cases which are near one another in it far apart (a Kronecker sequence). Those of states of one
 * place in the machines take as long: quick ones together would leave the rest to wait, slow ones the processor idle.
 */
function spread<T>(cases: readonly T[]): T[] {
  const placed = cases.map((one, i) => ({ one, place: (i * goldenRatio) % 1 }));
  return placed.sort((a, b) => a.place - b.place).map(({ one }) => one);
}

function summary(outcomes: readonly Outcome[]) {
  return {
    cases: countBy(outcomes, ({ machine }) => machine),
    verdicts: countBy(outcomes, ({ verdict }) => verdict ?? 'no run'),
    reaped: outcomes.filter(({ reaped }) => reaped).map(({ id, seconds }) => `${id}: ${seconds} s`),
    slowest: outcomes
      .toSorted((a, b) => b.seconds - a.seconds)
      .slice(0, 10)
      .map(({ id, seconds }) => `${id}: ${seconds} s`),
    targetsOn,
    how: [
      'Real: state machines, Lambdas with IAM enforced, Postgres, Redis, ECS, a managed host for each target of a fault on hosts. Observers take part in the cases of one scenario and in those of their own states; elsewhere they end at once. In the place of Locust a program that only waits: the cases are about the machine, not about load; each watched phase takes 1 s.',
      'The local Step Functions does not end the other branches of a Parallel when one fails or its execution is stopped: what they still do comes on top here.',
    ],
  };
}

const countBy = (outcomes: readonly Outcome[], key: (outcome: Outcome) => string): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(outcomes, key)].map(([name, { length }]) => [name, length]));
