import type { z } from 'zod';
import type { gameDayAnswerSchema, LiveRun } from '../../../lambdas/api/answers.ts';
import type { Clock } from '../../../lambdas/aws/clock.ts';
import type { WindowSummary } from '../../../lambdas/evidence/window.ts';
import { ApiRefused, ApiUnreachable } from '../../../lambdas/operator/signed-requests.client.ts';
import type { PhaseName, Verdict } from '../../../lambdas/runs/run.ts';
import type { ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import type { Api } from '../command.ts';

type GameDay = z.infer<typeof gameDayAnswerSchema>;

/** What is told of a game-day while it goes on: the lines of `--watch --json`. Times are epoch seconds. */
export type WatchEvent =
  | {
      type: 'game-day';
      at: number;
      gameDayId: string;
      target: string;
      profile: GameDay['profile'];
      runs: GameDay['runs'];
    }
  /** A phase of a run has begun, and ends at `endsAt` at the latest where that is known. */
  | { type: 'phase'; at: number; runId: string; scenario: ScenarioId; phase: PhaseName; endsAt: number | null }
  /** One second of load. */
  | ({ type: 'window'; runId: string } & WindowSummary)
  /** The run is to stop: by a person, the lever, or a limit that the guard found broken. */
  | { type: 'stop'; at: number; runId: string; by: string; reason: string }
  /** A run is over; `verdict` is null where it never began. */
  | {
      type: 'verdict';
      at: number;
      runId: string;
      scenario: ScenarioId;
      verdict: Verdict | null;
      reason: string | null;
    }
  /** The game-day is over, and its report written. */
  | { type: 'ended'; at: number; gameDayId: string; stopped: string | null };

/** Seconds of load that are asked for each time; what comes late is not missed. */
const windowsAsked = 30;
/** For so long an API that cannot be reached is asked again. */
const patienceSeconds = 60;

/**
 * A game-day run by run, from where it stands now until it is over; asks the API once a second.
 * @param signal ends it early
 * @throws ApiRefused; ApiUnreachable after a minute of it
 */
export async function* watch(
  api: Pick<Api, 'gameDay' | 'run'>,
  gameDayId: string,
  clock: Clock,
  signal?: AbortSignal,
): AsyncGenerator<WatchEvent> {
  const first = await api.gameDay(gameDayId);
  const { target, profile, runs, startedAt } = first;
  yield { type: 'game-day', at: startedAt, gameDayId, target, profile, runs };
  const watched = runs.map((run) => new WatchedRun(run));
  let heardAt = clock.now();
  while (!signal?.aborted) {
    const heard = await unlessUnreachable(() => look(api, gameDayId, watched), heardAt, clock);
    if (heard) {
      heardAt = clock.now();
      yield* heard.events;
      if (heard.gameDay.endedAt !== null) {
        const { endedAt: at, stopRequested } = heard.gameDay;
        for (const run of watched) yield* run.neverBegan(at);
        yield { type: 'ended', at, gameDayId, stopped: stopRequested?.reason ?? null };
        return;
      }
    }
    await clock.sleep(1, signal);
  }
}

/** The game-day is read first: when that is over, every run that it has had is seen to be. */
async function look(api: Pick<Api, 'gameDay' | 'run'>, gameDayId: string, watched: readonly WatchedRun[]) {
  const gameDay = await api.gameDay(gameDayId);
  const events: WatchEvent[] = [];
  for (const run of watched.filter(({ isOver }) => !isOver)) {
    const found = await unlessMissing(() => api.run(run.runId, windowsAsked));
    if (found === null) continue;
    events.push(...run.next(found));
    // The ones behind it have not begun.
    if (!run.isOver) break;
  }
  return { gameDay, events };
}

/** What has been told of one run. */
class WatchedRun {
  readonly runId: string;
  private readonly scenario: ScenarioId;
  private phaseStartedAt = 0;
  private heardTo = 0;
  private isStopTold = false;
  isOver = false;

  constructor({ runId, scenario }: GameDay['runs'][number]) {
    this.runId = runId;
    this.scenario = scenario;
  }

  *next({ phase, phaseStartedAt, phaseEndsAt, windows, stopRequested, ...run }: LiveRun): Generator<WatchEvent> {
    const { runId, scenario } = this;
    for (const window of windows.filter(({ t }) => t > this.heardTo)) {
      this.heardTo = window.t;
      yield { type: 'window', runId, ...window };
    }
    if (stopRequested && !this.isStopTold) {
      this.isStopTold = true;
      const { at, by, reason } = stopRequested;
      yield { type: 'stop', at, runId, by, reason };
    }
    if (phaseStartedAt > this.phaseStartedAt) {
      this.phaseStartedAt = phaseStartedAt;
      yield { type: 'phase', at: phaseStartedAt, runId, scenario, phase, endsAt: phaseEndsAt };
    }
    if (phase !== 'done') return;
    this.isOver = true;
    const at = run.endedAt ?? phaseStartedAt;
    yield { type: 'verdict', at, runId, scenario, verdict: run.verdict, reason: run.verdictReason };
  }

  *neverBegan(at: number): Generator<WatchEvent> {
    if (this.isOver) return;
    this.isOver = true;
    const { runId, scenario } = this;
    yield { type: 'verdict', at, runId, scenario, verdict: null, reason: null };
  }
}

async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiRefused && error.type === 'run-not-found') return null;
    throw error;
  }
}

/** A network that is away for a moment ends nothing: the run goes on without it. */
async function unlessUnreachable<T>(ask: () => Promise<T>, heardAt: number, clock: Clock): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiUnreachable && clock.now() - heardAt < patienceSeconds) return null;
    throw error;
  }
}
