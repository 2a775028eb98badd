import { dirname, join } from 'node:path';
import type { ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import { exitOf } from '../../cli/exit-status.ts';
import { here } from '../../cli/here.ts';
import { describeSeconds } from '../../cli/progress.ts';
import type { LocalGameDayResult } from './local-game-day.ts';

/** The exit status of a game-day: its worst verdict. A scenario that was asked for and has none is an error. */
export function exitStatus({ report, stopped }: LocalGameDayResult, asked: readonly ScenarioId[]): number {
  if (stopped !== null) return exitOf.ABORTED;
  const verdicts = new Map((report?.scenarios ?? []).map((s) => [s.id, s.verdict]));
  return Math.max(...asked.map((id) => exitOf[verdicts.get(id) ?? 'ERROR']));
}

/** What is told of a game-day in the end: a line for each scenario that was asked for, and where the report is. */
export function summary(result: LocalGameDayResult, asked: readonly ScenarioId[], seconds: number): string {
  const { report, folder, stopped } = result;
  const lines = (report?.scenarios ?? []).map((s) => line(s.verdict, s.id, s.reason));
  for (const { id, reason } of report?.notRun ?? []) if (asked.includes(id)) lines.push(line('NOT RUN', id, reason));
  if (stopped !== null) {
    lines.push(`Stopped (${stopped}).${folder ? '' : ' Nothing had been measured, so there is no report.'}`);
  }
  if (folder) {
    const latest = here(join(dirname(folder), 'latest'));
    lines.push(`Report: ${here(join(folder, 'report.md'))} (${latest}), after ${describeSeconds(seconds)}`);
  }
  return lines.join('\n');
}

const line = (verdict: string, id: string, reason: string | null | undefined) =>
  `${verdict.padEnd(8)} ${id}${reason ? `: ${reason}` : ''}`;
