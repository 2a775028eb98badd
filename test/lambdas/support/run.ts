import { randomBytes } from 'node:crypto';
import type { Sample } from '../../../lambdas/evidence/sample.ts';
import type { WindowSummary } from '../../../lambdas/evidence/window.ts';
import type { Run } from '../../../lambdas/runs/run.ts';
import type { UndoRecord } from '../../../lambdas/safety/undo-record.ts';
import { aTarget } from './target.ts';

/** When the tests' runs are made. Epoch seconds. */
export const start = 1_800_000_000;

export const newRunId = () => `test-${randomBytes(4).toString('hex')}`;

/** A run as `prepare` records it; `changes` over it. */
export function aRun(changes: Partial<Run> = {}): Run {
  return {
    runId: newRunId(),
    gameDayId: null,
    scenario: 'cache-failure',
    profile: 'quick',
    mode: 'local',
    targetId: 'shop',
    target: aTarget(),
    hosts: [],
    createdAt: start,
    endedAt: null,
    phase: 'prepare',
    phaseStartedAt: start,
    phaseEndsAt: null,
    seconds: { baseline: 15, fault: 20, recoveryLimit: 60, after: 10 },
    load: { users: 100, spawnRate: 10, workers: 2 },
    stopRequested: null,
    verdict: null,
    verdictReason: null,
    ...changes,
  };
}

/** What a run writes before it stops the cache's service. */
export function anUndoRecord(runId: string, desiredCount = 3): UndoRecord {
  return {
    runId,
    faultId: 'ecs-service-stop',
    parameters: { service: 'cache' },
    original: { cluster: 'shop', service: 'cache', desiredCount, autoScaling: null },
    createdAt: start,
    injectingUntil: null,
    status: 'open',
  };
}

/** What the observer sees of a healthy target in one second. */
export function aSample(t: number, changes: Partial<Sample> = {}): Sample {
  return {
    t,
    at: 0.1,
    health: { status: 200, ms: 3 },
    database: { error: 'not asked' },
    cache: { error: 'not asked' },
    app: { error: 'not asked' },
    ...changes,
  };
}

/** One second of steady load. */
export function aWindow(t: number, changes: Partial<WindowSummary> = {}): WindowSummary {
  return { t, users: 100, workers: 2, requests: 100, failures: 0, p50Ms: 5, p95Ms: 12, p99Ms: 20, ...changes };
}
