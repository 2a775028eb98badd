import { dirname, join, relative } from 'node:path';
import { systemClock } from '../../../lambdas/aws/clock.ts';
import type { Verdict } from '../../../lambdas/runs/run.ts';
import { type LocalGameDayOptions, type LocalGameDayResult, localGameDay } from './local-game-day.ts';
import { describeSeconds } from './progress.ts';
import { stopSignal } from './stop-signal.ts';
import { terminalDisplay } from './terminal-display.ts';

const exitOf: Record<Verdict, number> = { PASS: 0, FAIL: 1, INVALID: 3, ERROR: 3, ABORTED: 4 };

/** Runs a game-day on this machine and tells how it went. Returns the exit status, documented in the help text. */
export async function start(options: LocalGameDayOptions & { json: boolean }): Promise<number> {
  const display = terminalDisplay(process.stderr, systemClock.now);
  const stop = stopSignal();
  const began = systemClock.now();
  try {
    const result = await localGameDay(options, display, stop);
    process.stderr.write(`${summary(result, systemClock.now() - began)}\n`);
    if (options.json && result.report) process.stdout.write(`${JSON.stringify(result.report, null, 2)}\n`);
    return exitStatus(result);
  } catch (error) {
    display.failed((error as Error).message);
    return stop.asked.aborted ? exitOf.ABORTED : exitOf.ERROR;
  } finally {
    stop.dispose();
  }
}

function exitStatus({ report, stopped }: LocalGameDayResult): number {
  if (stopped) return exitOf.ABORTED;
  return Math.max(0, ...(report?.scenarios ?? []).map((s) => exitOf[s.verdict]));
}

function summary({ report, folder, stopped }: LocalGameDayResult, seconds: number): string {
  const lines = (report?.scenarios ?? []).map(
    (s) => `${s.verdict.padEnd(8)} ${s.id}${s.reason ? `: ${s.reason}` : ''}`,
  );
  if (stopped) lines.push(`Stopped (${stopped}).${folder ? '' : ' Nothing had been measured, so there is no report.'}`);
  if (folder) {
    const latest = here(join(dirname(folder), 'latest'));
    lines.push(`Report: ${here(join(folder, 'report.md'))} (${latest}), after ${describeSeconds(seconds)}`);
  }
  return lines.join('\n');
}

/** A path as one would type it here. */
function here(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
