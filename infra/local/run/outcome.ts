import { dirname, join } from 'node:path';
import { isNotApplicable } from '../../../lambdas/faults/fault.ts';
import type { ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import { exitOf } from '../../cli/exit-status.ts';
import { here } from '../../cli/here.ts';
import { describeSeconds } from '../../cli/progress.ts';
import type { LocalGameDayResult } from './local-game-day.ts';

/**
 * The exit status of a game-day: its worst verdict. A scenario that was asked for and has none is an error, but where it
 * is nothing for this target, as long as another one was run.
 */
export function exitStatus({ report, stopped }: LocalGameDayResult, asked: readonly ScenarioId[]): number {
  if (stopped !== null) return exitOf.ABORTED;
  const verdicts = new Map((report?.scenarios ?? []).map((s) => [s.id, s.verdict]));
  const lacking = new Set((report?.notRun ?? []).filter(({ reason }) => isNotApplicable(reason)).map(({ id }) => id));
  const judged = asked.filter((id) => !lacking.has(id));
  return judged.length === 0 ? exitOf.ERROR : Math.max(...judged.map((id) => exitOf[verdicts.get(id) ?? 'ERROR']));
}

/** What is told of a game-day in the end: a line for each scenario that was asked for, and where the report is. */
export function summary(result: LocalGameDayResult, asked: readonly ScenarioId[], seconds: number): string {
  const { report, folder, stopped } = result;
  const lines = (report?.scenarios ?? []).map((s) => line(s.verdict, s.id, s.reason));
  for (const { id, reason } of report?.notRun ?? []) if (asked.includes(id)) lines.push(notRun(id, reason));
  if (stopped !== null) {
    lines.push(`Stopped (${stopped}).${folder ? '' : ' Nothing had been measured, so there is no report.'}`);
  }
  if (folder) {
    const latest = here(join(dirname(folder), 'latest'));
    lines.push(`Report: ${here(join(folder, 'report.md'))} (${latest}), after ${describeSeconds(seconds)}`);
  }
  return lines.join('\n');
}

const notRun = (id: ScenarioId, reason: string) => line(isNotApplicable(reason) ? 'N/A' : 'NOT RUN', id, reason);

const line = (verdict: string, id: string, reason: string | null | undefined) =>
  `${verdict.padEnd(8)} ${id}${reason ? `: ${reason}` : ''}`;
