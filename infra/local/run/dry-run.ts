import { systemClock } from '../../../lambdas/aws/clock.ts';
import type { StartRequest } from '../../../lambdas/game-day/game-day.ts';
import { exitOf } from '../../cli/exit-status.ts';
import { stopSignal } from '../../cli/stop-signal.ts';
import { tellDryRun } from '../../cli/tell.ts';
import { terminalDisplay } from '../../cli/terminal-display.ts';
import { type LocalAppOptions, withLocalApp } from './local-app.ts';

/** Deploys to this machine and tells what a game-day would touch and what would refuse it. Returns the exit status. */
export async function dryRun(options: LocalAppOptions & StartRequest & { json: boolean }): Promise<number> {
  const { target, scenarios, profile, json } = options;
  const display = terminalDisplay(process.stderr, systemClock.now);
  const stop = stopSignal();
  try {
    const found = await withLocalApp(options, display, stop, ({ operator }) =>
      operator.api.dryRun({ target, scenarios, profile }),
    );
    if (!found) return exitOf.ABORTED;
    process.stdout.write(
      `${json ? JSON.stringify(found, null, 2) : tellDryRun(found, `this machine's sample target '${target}'`)}\n`,
    );
    return found.refusals.length > 0 ? exitOf.ERROR : exitOf.PASS;
  } catch (error) {
    display.failed((error as Error).message);
    return stop.asked.aborted ? exitOf.ABORTED : exitOf.ERROR;
  } finally {
    stop.dispose();
  }
}
