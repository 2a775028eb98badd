import { dataClasses } from '../evidence/ledger.ts';
import type { GeneratorReport } from '../evidence/window.ts';
import { leastClockDistanceMs } from './clock-distance.ts';
import type { Facts } from './facts.ts';
import { count, percent, secondsText } from './format.ts';
import { isCrash } from './phases.ts';
import { sum } from './robust.ts';
import { probedAt } from './samples.ts';
import { hasTooLittleTraffic } from './steady-state.ts';

/** A reason for which the evidence does not hold: the verdict is INVALID, whatever the figures say. */
export interface Veto {
  id: string;
  text: string;
}

export const vetoLimits = {
  /** Mean CPU of a worker or the master over its life, share of one core. A peak alone is no veto. */
  generatorCpu: 0.9,
  /** Beyond this a record may sit two windows late. */
  generatorLagMs: 2000,
  /** Between two reports of a worker, of one a second: windows were judged without it while the run went on. */
  workerSilenceMs: 5000,
  /** Half a window: beyond it a request may be counted in the second before or after its own. */
  clockDistanceMs: 500,
  /** Between two samples of the observer. */
  observerGapSeconds: 3,
} as const;

type Check = (facts: Facts) => Veto[];
const when = (broken: boolean, id: string, text: () => string): Veto[] => (broken ? [{ id, text: text() }] : []);

const faultProven: Check = ({ evidence, phases }) =>
  when(evidence.scenario.fault !== null && phases.landedAt === null, 'fault-not-proven', () => {
    const event = evidence.events.find((e) => e.type === 'fault-not-proven');
    return `the fault was not proven to have landed${event ? `: ${String(event.detail.detail)}` : ''}`;
  });

/** A crash holds nothing that could still be there: a process that does not come back is what the run has found. */
const faultGone: Check = ({ evidence: { scenario }, phases }) =>
  when(
    scenario.fault !== null && !isCrash(scenario.fault) && phases.landedAt !== null && phases.goneAt === null,
    'fault-not-gone',
    () => 'the fault was not proven to be gone, so a slow recovery cannot be told from a fault that is still there',
  );

const steadyBaseline: Check = ({ unsteady, evidence, before }) => {
  const live = evidence.events.find((e) => e.type === 'steady-state' && e.detail.reached === false);
  if (unsteady) {
    const thin = before !== null && hasTooLittleTraffic(before.load.windows);
    const id = thin ? 'too-little-traffic' : 'baseline-not-steady';
    return [{ id, text: `the baseline was not in steady state: ${unsteady}` }];
  }
  return when(live !== undefined, 'baseline-not-steady', () => {
    return `the baseline was not in steady state: ${String(live!.detail.detail ?? 'no reason recorded')}`;
  });
};

const generatorThere: Check = ({ evidence }) =>
  when(evidence.generator === null, 'generator-report', () => 'the load generator left no report of itself');

/** What was wrong with the load generator itself. */
export function generatorProblems(generator: GeneratorReport): Veto[] {
  const { workers, expectedWorkers, lostWorkers, master, locust, windows } = generator;
  const cpu = Math.max(0, ...workers.map((w) => w.cpuMean));
  const silence = Math.max(0, ...workers.map((w) => w.silenceMaxMs ?? 0));
  const distance = Math.max(0, ...workers.map((w) => leastClockDistanceMs(w) ?? 0));
  const lag = Math.max(master.lagMaxMs, ...workers.map((w) => w.lagMaxMs));
  return [
    ...when(
      workers.length < expectedWorkers,
      'generator-workers',
      () => `only ${workers.length} of ${expectedWorkers} load workers reported`,
    ),
    ...when(
      lostWorkers.length > 0,
      'generator-lost-workers',
      () => `${lostWorkers.length} of ${expectedWorkers} load workers were lost (${lostWorkers.join(', ')})`,
    ),
    ...when(
      cpu >= vetoLimits.generatorCpu,
      'generator-cpu',
      () =>
        `a load worker used ${percent(cpu)} of its core on average, the limit is ${percent(vetoLimits.generatorCpu)}`,
    ),
    ...when(
      master.cpuMean >= vetoLimits.generatorCpu,
      'generator-cpu',
      () =>
        `the load master used ${percent(master.cpuMean)} of its core on average, the limit is ${percent(vetoLimits.generatorCpu)}`,
    ),
    ...when(
      silence > vetoLimits.workerSilenceMs,
      'generator-late-worker',
      () =>
        `a load worker was not heard of for ${count(silence)} ms, the limit is ${count(vetoLimits.workerSilenceMs)} ms`,
    ),
    ...when(
      distance > vetoLimits.clockDistanceMs,
      'clock-distance',
      () =>
        `the clocks of the load generator's hosts are at least ${count(distance)} ms apart, the limit is ${count(vetoLimits.clockDistanceMs)} ms`,
    ),
    ...when(
      lag > vetoLimits.generatorLagMs,
      'generator-lag',
      () => `the load generator ran ${count(lag)} ms late, the limit is ${count(vetoLimits.generatorLagMs)} ms`,
    ),
    ...when(
      windows.requests !== locust.requests || windows.failures !== locust.failures,
      'generator-count',
      () =>
        `the windows hold ${count(windows.requests)} requests (${count(windows.failures)} failed), ` +
        `Locust counted ${count(locust.requests)} (${count(locust.failures)} failed)`,
    ),
  ];
}

/** A lost slice of the ledger would hide lost writes. */
const evidenceDelivered: Check = ({ evidence }) => {
  const { undelivered, lastError } = evidence.generator?.delivery ?? { undelivered: 0, lastError: null };
  return when(
    undelivered > 0,
    'evidence-delivery',
    () => `${count(undelivered)} pieces of evidence did not reach their store, none may be missing (${lastError})`,
  );
};

const windowsComplete: Check = ({ evidence, seconds }) => {
  if (!evidence.generator) return [];
  const { requests } = evidence.generator.windows;
  const held = sum(seconds.map((s) => s.requests));
  return when(
    held !== requests,
    'windows-incomplete',
    () => `the evidence holds ${count(held)} requests of the ${count(requests)} that the load generator wrote`,
  );
};

/** From the baseline to the end of the after phase, as far as the run went. */
const observerGapless: Check = ({ phases, samples }) => {
  const start = phases.baseline?.start;
  const end = (phases.after ?? phases.recovery ?? phases.fault ?? phases.baseline)?.end;
  if (start === undefined || end === undefined) return [];
  const times = [start, ...samples.map(probedAt).filter((t) => t > start && t < end), end];
  let widest = { from: start, seconds: 0 };
  for (let i = 1; i < times.length; i++) {
    const seconds = times[i]! - times[i - 1]!;
    if (seconds > widest.seconds) widest = { from: times[i - 1]!, seconds };
  }
  return when(
    widest.seconds > vetoLimits.observerGapSeconds,
    'observer-gap',
    () =>
      `the observer was blind for ${secondsText(widest.seconds)} from ${secondsText(widest.from - start)} ` +
      `into the baseline on, the limit is ${vetoLimits.observerGapSeconds} s`,
  );
};

const positiveControl: Check = ({ losses }) =>
  dataClasses.flatMap((c) =>
    when(losses[c].controlFailed, 'positive-control', () => `read-back of ${c}: ${losses[c].notMeasured}`),
  );

const checks: readonly Check[] = [
  faultProven,
  faultGone,
  steadyBaseline,
  generatorThere,
  ({ evidence }) => (evidence.generator ? generatorProblems(evidence.generator) : []),
  windowsComplete,
  evidenceDelivered,
  observerGapless,
  positiveControl,
];

export const vetoes = (facts: Facts): Veto[] => checks.flatMap((check) => check(facts));
