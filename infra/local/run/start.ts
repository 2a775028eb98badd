import { systemClock } from '../../../lambdas/aws/clock.ts';
import { exitOf } from '../../cli/exit-status.ts';
import { stopSignal } from '../../cli/stop-signal.ts';
import { terminalDisplay } from '../../cli/terminal-display.ts';
import { type LocalGameDayOptions, localGameDay } from './local-game-day.ts';
import { exitStatus, summary } from './outcome.ts';

/** Runs a game-day on this machine and tells how it went. Returns the exit status, documented in the help text. */
export async function start(options: LocalGameDayOptions & { json: boolean }): Promise<number> {
  const display = terminalDisplay(process.stderr, systemClock.now);
  const stop = stopSignal();
  const began = systemClock.now();
  try {
    const result = await localGameDay(options, display, stop);
    process.stderr.write(`${summary(result, options.scenarios, systemClock.now() - began)}\n`);
    if (options.json && result.report) process.stdout.write(`${JSON.stringify(result.report, null, 2)}\n`);
    return exitStatus(result, options.scenarios);
  } catch (error) {
    display.failed((error as Error).message);
    return stop.asked.aborted ? exitOf.ABORTED : exitOf.ERROR;
  } finally {
    stop.dispose();
  }
}
