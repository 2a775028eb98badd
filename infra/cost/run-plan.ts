import { longestSeconds, type Run, waitLimits } from '../../lambdas/runs/run.ts';
import type { Profile, Scenario } from '../../lambdas/scenarios/scenario.ts';

/** The length of one invocation of a step that goes on, in seconds: of `watch`, `startLoad` and the like, of the observer. */
export const sliceSeconds = { watch: 50, step: 45, observe: 55 } as const;

/** How often one execution of a scenario's machine enters each of its states. */
export interface RunPlan {
  /** From its start to its end, in seconds. */
  seconds: number;
  /** States that invoke a Lambda, by name. */
  tasks: Record<string, number>;
  /** All others: they cost a transition and two events of the history, a parallel four. */
  choices: number;
  passes: number;
  parallels: number;
  ends: number;
}

/** How long things take that no scenario says, in seconds. */
interface Waits {
  startLoad: number;
  spawn: number;
  prove: number;
  stopLoad: number;
  /** Of the recovery phase, a share of its limit. */
  recovery: number;
  total: (seconds: Run['seconds']) => number;
}

/** What is usual on Fargate: tasks run within a minute and a half, services stop and start within one. */
const usual = (scenario: Scenario): Waits => ({
  startLoad: 90,
  spawn: Math.ceil(scenario.load.users / scenario.load.spawnRate) + 10,
  prove: 60,
  stopLoad: 60,
  recovery: 1,
  total: ({ baseline, fault, recoveryLimit, after }) => baseline + fault + recoveryLimit + after + 90 + 60 + 60 + 60,
});

/** The most that a run waits for anything, after which it gives up. */
const longest: Waits = {
  startLoad: waitLimits.startLoad,
  spawn: waitLimits.startLoad + waitLimits.spawn,
  prove: waitLimits.proof,
  stopLoad: waitLimits.stopLoad,
  recovery: 1,
  total: longestSeconds,
};

/** A run in which everything takes as long as it usually does; the recovery is counted with its whole limit. */
export const usualPlan = (scenario: Scenario, profile: Profile): RunPlan => plan(scenario, profile, usual(scenario));

/** A run in which everything takes as long as it may. */
export const longestPlan = (scenario: Scenario, profile: Profile): RunPlan => plan(scenario, profile, longest);

const slices = (seconds: number, length: number) => Math.max(1, Math.ceil(seconds / length));

function plan(scenario: Scenario, profile: Profile, waits: Waits): RunPlan {
  const phases = scenario.seconds[profile];
  const seconds = waits.total(phases);
  const watch = (length: number) => slices(length, sliceSeconds.watch);
  const proofs = slices(waits.prove, sliceSeconds.step);
  /** Each is followed by a choice: again, on, or to the end. */
  const sliced: Record<string, number> = {
    'Start load': slices(waits.startLoad, sliceSeconds.step),
    'Watch load': watch(waits.spawn),
    'Watch baseline': watch(phases.baseline),
    'Watch fault': watch(phases.fault),
    'Watch recovery': watch(phases.recoveryLimit * waits.recovery),
    'Watch after': watch(phases.after),
    'Stop load': slices(waits.stopLoad, sliceSeconds.step),
    'Ensure gone': 1,
    'Ensure load stopped': 1,
    ...(scenario.fault && { Inject: 1, 'Prove landed': proofs, 'Prove gone': proofs }),
    // Two lanes take turns.
    'Observe, lane 0': Math.ceil(slices(seconds, sliceSeconds.observe) / 2),
    'Observe, lane 1': Math.ceil(slices(seconds, sliceSeconds.observe) / 2),
  };
  const single = ['Prepare', 'Ensure reverted', 'Verify', 'Keep telemetry', 'Analyse', 'Publish', 'Release'];
  if (scenario.fault) single.push('Rehearse revert', 'Rehearse proof', 'Revert');
  return {
    seconds,
    tasks: { ...sliced, ...Object.fromEntries(single.map((name) => [name, 1])) },
    choices: Object.values(sliced).reduce((sum, times) => sum + times, 1),
    passes: 3,
    parallels: 2,
    ends: 4,
  };
}

export const invocations = ({ tasks }: RunPlan): number => Object.values(tasks).reduce((sum, times) => sum + times, 0);

/** What Step Functions bills of a standard machine: each state that is entered. */
export const transitions = (p: RunPlan): number => invocations(p) + p.choices + p.passes + p.parallels + p.ends;

/**
 * Events in the execution's history, without repetitions: a Lambda task has five (entered, scheduled, started,
 * succeeded, exited), a choice, pass or end two, a parallel four, the execution two.
 */
export const historyEvents = (p: RunPlan): number =>
  5 * invocations(p) + 2 * (p.choices + p.passes + p.ends) + 4 * p.parallels + 2;
