import { ApiRefused } from '../../../lambdas/operator/signed-requests.client.ts';
import type { Verdict } from '../../../lambdas/runs/run.ts';
import type { Api, CommandContext } from '../command.ts';
import { exitOf } from '../exit-status.ts';
import { showWatch } from './show-watch.ts';
import { type WatchEvent, watch } from './watch.ts';

export interface FollowOptions {
  json?: boolean;
  /** Whether Ctrl-C stops what is watched, as it does where it was started, or leaves it alone. */
  owner: boolean;
}

/**
 * Shows a game-day until it is over: to a person, or as JSON lines. Returns the exit status, by the worst verdict; 4
 * where a person left before.
 */
export async function follow(
  gameDayId: string,
  { json, owner }: FollowOptions,
  api: Api,
  io: Pick<CommandContext, 'stdout' | 'stderr' | 'display' | 'paint' | 'clock' | 'stopSignal'>,
): Promise<number> {
  const stop = io.stopSignal();
  const left = new AbortController();
  const leave = () => left.abort();
  const asked = () => {
    if (!owner) return leave();
    io.stderr(`stopping game-day ${gameDayId}; Ctrl-C once more leaves it to itself\n`);
    askToStop(api, gameDayId, stop.reason()).catch((error: Error) => {
      io.stderr(`error: it could not be asked to stop: ${error.message}\n`);
    });
  };
  stop.asked.addEventListener('abort', asked, { once: true });
  stop.insisted.addEventListener('abort', leave, { once: true });
  const outcome = new Outcome();
  const show = json
    ? (event: WatchEvent) => io.stdout(`${JSON.stringify(event)}\n`)
    : showWatch(io.display(), io.paint, io.clock.now);
  try {
    for await (const event of watch(api, gameDayId, io.clock, left.signal)) {
      show(event);
      outcome.note(event);
    }
  } finally {
    stop.dispose();
  }
  if (left.signal.aborted) io.stderr(`left; it goes on: npx faultline game-days show ${gameDayId} --watch\n`);
  return left.signal.aborted ? exitOf.ABORTED : outcome.status();
}

/** One that has ended by itself in the meantime needs no stop. */
async function askToStop(api: Api, gameDayId: string, reason: string): Promise<void> {
  try {
    await api.stopGameDay(gameDayId, reason);
  } catch (error) {
    if (!(error instanceof ApiRefused && error.type === 'game-day-over')) throw error;
  }
}

/** What a game-day came to. */
class Outcome {
  private readonly verdicts: Verdict[] = [];
  private neverBegan = 0;
  private stopped = false;

  note(event: WatchEvent): void {
    if (event.type === 'ended') this.stopped = event.stopped !== null;
    if (event.type !== 'verdict') return;
    if (event.verdict === null) this.neverBegan += 1;
    else this.verdicts.push(event.verdict);
  }

  /** The worst verdict. A run that never began is an error, unless the game-day was stopped before. */
  status(): number {
    const statuses = this.verdicts.map((verdict) => exitOf[verdict]);
    if (this.neverBegan > 0 && !this.stopped) statuses.push(exitOf.ERROR);
    return statuses.length > 0 ? Math.max(...statuses) : exitOf.ABORTED;
  }
}
