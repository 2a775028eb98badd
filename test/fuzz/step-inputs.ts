import fc from 'fast-check';
import { handler as dumpDatabase } from '../../lambdas/backup/dump-database.lambda.ts';
import { handler as begin } from '../../lambdas/checklist/begin.lambda.ts';
import { handler as inject } from '../../lambdas/faults/inject.lambda.ts';
import { handler as proveGone } from '../../lambdas/faults/prove-gone.lambda.ts';
import { handler as proveLanded } from '../../lambdas/faults/prove-landed.lambda.ts';
import { handler as revert } from '../../lambdas/faults/revert.lambda.ts';
import { handler as analyse } from '../../lambdas/finish/analyse.lambda.ts';
import { handler as publish } from '../../lambdas/finish/publish.lambda.ts';
import { handler as recordError } from '../../lambdas/finish/record-error.lambda.ts';
import { handler as release } from '../../lambdas/finish/release.lambda.ts';
import { handler as close } from '../../lambdas/game-day/close.lambda.ts';
import { handler as nextRun } from '../../lambdas/game-day/next-run.lambda.ts';
import { handler as plan } from '../../lambdas/game-day/plan.lambda.ts';
import { handler as report } from '../../lambdas/game-day/report.lambda.ts';
import { handler as startLoad } from '../../lambdas/load/start-load.lambda.ts';
import { handler as stopLoad } from '../../lambdas/load/stop-load.lambda.ts';
import { handler as observe } from '../../lambdas/observer/observe.lambda.ts';
import { handler as prepare } from '../../lambdas/prepare/prepare.lambda.ts';
import { handler as takeOver } from '../../lambdas/safety/take-over.lambda.ts';
import { availableScenarios } from '../../lambdas/scenarios/registry.ts';
import { profiles, scenarioIds } from '../../lambdas/scenarios/scenario.ts';
import { handler as deliver } from '../../lambdas/schedules/deliver.lambda.ts';
import { handler as keepTelemetry } from '../../lambdas/telemetry/keep-telemetry.lambda.ts';
import { handler as verify } from '../../lambdas/verify/verify.lambda.ts';
import { handler as watch } from '../../lambdas/watch/watch.lambda.ts';
import { watchedPhases } from '../../lambdas/watch/watch.ts';
import { notALine, type Surface } from './surface.ts';
import { broken, notA, notAnId, notATargetId, notAWhole, notOneOf, type Shape } from './values.ts';

type Handler = (event: unknown, context: never) => Promise<unknown>;

const runId = 'gd-1-control';
const available = availableScenarios.map(({ id }) => id);

/** A step of one run: it takes the run's id, and what else it is given by the machine it leaves alone. */
const ofRun = (good: object = {}, bad: Shape['bad'] = {}): Shape => ({
  good: { runId, ...good },
  bad: { runId: notAnId, ...bad },
  required: ['runId', ...Object.keys(bad)],
  strict: false,
});

const steps: Record<string, [handler: unknown, shape: Shape]> = {
  plan: [
    plan,
    {
      good: { gameDayId: 'gd-1', target: 'shop', scenarios: ['control'], profile: 'quick' },
      bad: {
        gameDayId: fc.oneof(notAnId, fc.constant('a'.repeat(41))),
        target: notATargetId,
        scenarios: fc.oneof(
          notA('array'),
          fc.constant([]),
          notOneOf(available).map((bad) => [bad]),
          fc.constantFrom(...available).map((id) => [id, id]),
        ),
        profile: notOneOf(profiles),
      },
      required: ['gameDayId', 'target', 'scenarios', 'profile'],
      strict: true,
    },
  ],
  begin: [begin, { good: { gameDayId: 'gd-1' }, bad: { gameDayId: notAnId }, required: ['gameDayId'], strict: true }],
  'dump database': [
    dumpDatabase,
    {
      good: { gameDayId: 'gd-1', target: 'shop' },
      bad: { gameDayId: notAnId, target: notATargetId },
      required: ['gameDayId', 'target'],
      strict: true,
    },
  ],
  'next run': [
    nextRun,
    {
      good: { gameDayId: 'gd-1', runId },
      bad: { gameDayId: notAnId, runId: notAnId },
      required: ['gameDayId', 'runId'],
      strict: true,
    },
  ],
  deliver: [
    deliver,
    {
      good: { schedule: 'weekly', scheduledTime: '2026-02-18T14:00:00Z' },
      bad: {
        schedule: fc.oneof(notA('string'), fc.constantFrom('', 'A', 'a b', '../x')),
        scheduledTime: fc.oneof(notA('string'), fc.constantFrom('', 'now', '<aws.scheduler.scheduled-time>')),
      },
      required: ['schedule', 'scheduledTime'],
      strict: true,
    },
  ],
  close: [
    close,
    {
      good: { gameDayId: 'gd-1', status: 'ABORTED' },
      bad: { gameDayId: notAnId, status: notOneOf(['ABORTED', 'TIMED_OUT', 'FAILED']) },
      required: ['gameDayId', 'status'],
      strict: true,
    },
  ],
  report: [
    report,
    {
      good: { gameDayId: 'gd-1', ended: [{ runId }] },
      bad: {
        gameDayId: notAnId,
        ended: fc.oneof(
          notA('array'),
          notA('object').map((bad) => [bad]),
          notAnId.map((bad) => [{ runId }, { runId: bad }]),
          notA('string').map((problem) => [{ runId, problem }]),
        ),
      },
      required: ['gameDayId', 'ended'],
      strict: false,
    },
  ],
  prepare: [
    prepare,
    {
      good: { runId, gameDayId: 'gd-1', target: 'shop', scenario: 'control', profile: 'quick', dryRun: false },
      bad: {
        runId: notAnId,
        gameDayId: notAnId.filter((bad) => bad !== null),
        target: notATargetId,
        scenario: notOneOf(scenarioIds),
        profile: notOneOf(profiles),
        dryRun: notA('boolean'),
      },
      required: ['runId', 'target', 'scenario', 'profile'],
      strict: true,
    },
  ],
  'take over': [
    takeOver,
    {
      good: { runId, status: 'ABORTED', cause: 'x' },
      bad: {
        runId: notAnId,
        status: notOneOf(['ABORTED', 'TIMED_OUT', 'FAILED', 'ORPHANED']),
        cause: fc.oneof(notA('string'), fc.constant('x'.repeat(2001))),
      },
      required: ['runId', 'status'],
      strict: true,
    },
  ],
  observe: [observe, ofRun({ slice: 0 }, { slice: notAWhole(0, Number.MAX_SAFE_INTEGER) })],
  watch: [watch, ofRun({ phase: 'baseline' }, { phase: notOneOf(watchedPhases) })],
  'record error': [
    recordError,
    ofRun(
      { state: 'Guard', error: 'E', cause: 'c' },
      { state: fc.oneof(notA('string'), fc.constant('x'.repeat(81))), error: notA('string'), cause: notA('string') },
    ),
  ],
  inject: [inject, ofRun()],
  'prove landed': [proveLanded, ofRun()],
  revert: [revert, ofRun()],
  'prove gone': [proveGone, ofRun()],
  'start load': [startLoad, ofRun()],
  'stop load': [stopLoad, ofRun()],
  verify: [verify, ofRun()],
  'keep telemetry': [keepTelemetry, ofRun()],
  analyse: [analyse, ofRun()],
  publish: [publish, ofRun()],
  release: [release, ofRun()],
};

export interface StepInput {
  step: string;
  input: unknown;
}

/** What each step takes: bad inputs are made of it. */
export const goodStepInputs: StepInput[] = Object.entries(steps).map(([step, [, { good }]]) => ({ step, input: good }));

/** Every step of the state machines, the game-day's first one among them: its input is the machine's. */
export const stepInputs: Surface<StepInput> = {
  name: 'state input',
  inputs: fc.oneof(
    ...Object.entries(steps).map(([step, [, shape]]) => broken(shape).map((input) => ({ step, input }))),
  ),
  async send({ step, input }, touched) {
    const handler = steps[step]![0] as Handler;
    try {
      await handler(input, {} as never);
    } catch (error) {
      const { name, message } = error as Error;
      // Anything that a step works with begins with its environment, which is not there.
      if (name !== 'InputInvalid') touched();
      if (name !== 'InputInvalid') return `${name}: ${message}`;
      return notALine(message);
    }
    touched();
    return 'it was taken';
  },
};
