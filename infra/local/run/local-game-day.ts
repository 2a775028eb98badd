import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemClock } from '../../../lambdas/aws/clock.ts';
import { runIdOf } from '../../../lambdas/game-day/game-day.ts';
import type { GameDayOperator } from '../../../lambdas/operator/game-day-operator.ts';
import { ApiRefused } from '../../../lambdas/operator/signed-requests.client.ts';
import { type Report, reportSchema } from '../../../lambdas/report/report.schema.ts';
import type { Profile, ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import type { Display } from '../../cli/display.ts';
import { describeRun, describeSeconds, expectedSeconds } from '../../cli/progress.ts';
import type { StopSignal } from '../../cli/stop-signal.ts';
import { tellStarted } from '../../cli/tell.ts';
import { type LocalAppOptions, withLocalApp } from './local-app.ts';

export interface LocalGameDayOptions extends LocalAppOptions {
  scenarios: ScenarioId[];
  profile: Profile;
  /** Folder in which the report and its evidence get a folder of their own, named after the game-day. */
  out: string;
}

export interface LocalGameDayResult {
  report: Report | null;
  /** Where the report and its evidence are; null when nothing was measured. */
  folder: string | null;
  stopped: string | null;
}

/** After a stop was asked for: a revert, its proof and the report take seconds; past this the stack is ended as it is. */
const stopLimitSeconds = 150;

/** The whole local run: set-up, stack, deployment, game-day, report; whatever happens, nothing of it keeps running. */
export async function localGameDay(
  options: LocalGameDayOptions,
  display: Display,
  stop: StopSignal,
): Promise<LocalGameDayResult> {
  const result = await withLocalApp(options, display, stop, ({ operator }) => runOn(operator, options, display, stop));
  return result ?? { report: null, folder: null, stopped: stop.reason() };
}

async function runOn(
  operator: GameDayOperator,
  options: LocalGameDayOptions,
  display: Display,
  stop: StopSignal,
): Promise<LocalGameDayResult> {
  const { target, scenarios, profile } = options;
  const { gameDayId } = await operator.api.start({ target, scenarios, profile });
  // A step of its own, over at once: its line stays above those of the runs.
  display.step(tellStarted(gameDayId));
  display.done();
  const ended = await follow(operator, gameDayId, options, display, stop);
  const folder = await keepReport(operator, gameDayId, options.out);
  if (!folder && !stop.asked.aborted)
    throw new Error(`the game-day ended ${ended.status} without a report: ${ended.reason}`);
  return {
    report: folder && reportSchema.parse(JSON.parse(folder.json)),
    folder: folder?.path ?? null,
    stopped: stop.asked.aborted ? stop.reason() : null,
  };
}

/** Shows the game-day run by run until its execution ends, and asks it to stop when a person asks for that. */
async function follow(
  operator: GameDayOperator,
  gameDayId: string,
  { scenarios, profile }: LocalGameDayOptions,
  display: Display,
  stop: StopSignal,
): Promise<{ status: string; reason: string | null }> {
  let shown = -1;
  let askedAt: number | null = null;
  for (;;) {
    const { status, reason } = await operator.status(gameDayId);
    const { index, text } = await present(operator, gameDayId, scenarios, Math.max(0, shown));
    if (index !== shown && index < scenarios.length) {
      if (shown >= 0) display.done(await verdictOf(operator, gameDayId, scenarios[shown]!));
      display.step(`${scenarios[index]} (${index + 1} of ${scenarios.length})`);
      shown = index;
    }
    const left = scenarios.slice(index + 1).reduce((sum, s) => sum + expectedSeconds(s, profile), 0);
    if (text)
      display.update(
        askedAt ? `stopping: ${text}` : `${text}${left > 0 ? `  then about ${describeSeconds(left)} more` : ''}`,
      );
    if (status !== 'RUNNING') {
      if (shown >= 0) display.done(await verdictOf(operator, gameDayId, scenarios[shown]!));
      return { status, reason };
    }
    if (stop.asked.aborted && askedAt === null) {
      askedAt = systemClock.now();
      await askToStop(operator, gameDayId, stop.reason());
    }
    if (askedAt !== null && systemClock.now() - askedAt > stopLimitSeconds) {
      throw new Error(`the game-day did not stop within ${stopLimitSeconds} s; everything it started is ended now`);
    }
    await systemClock.sleep(1);
  }
}

/** One that has ended by itself in the meantime needs no stop. */
async function askToStop(operator: GameDayOperator, gameDayId: string, reason: string): Promise<void> {
  try {
    await operator.api.stop(gameDayId, reason);
  } catch (error) {
    if (!(error instanceof ApiRefused && error.type === 'game-day-over')) throw error;
  }
}

/**
 * The scenario that is running, from the last one shown on: the last with a run, or the next one when that is done. One
 * that was refused has no run and is passed over.
 */
async function present(operator: GameDayOperator, gameDayId: string, scenarios: ScenarioId[], from: number) {
  const runs = await Promise.all(scenarios.slice(from).map((scenario) => operator.run(runIdOf(gameDayId, scenario))));
  const latest = runs.findLastIndex((run) => run !== null);
  const run = runs[latest];
  if (!run) return { index: from, text: 'starting' };
  const index = from + latest;
  if (run.phase === 'done') return { index: index + 1, text: index + 1 < scenarios.length ? 'starting' : null };
  const now = systemClock.now();
  const window = (await operator.windows(run.runId, now - 10)).at(-1);
  return { index, text: describeRun(run, window, now) };
}

async function verdictOf(operator: GameDayOperator, gameDayId: string, scenario: ScenarioId): Promise<string> {
  const run = await operator.run(runIdOf(gameDayId, scenario));
  if (!run?.verdict) return 'not run';
  return run.verdictReason ? `${run.verdict}: ${run.verdictReason}` : run.verdict;
}

/** Keeps the report and its evidence in `<out>/<game-day>/` and points `<out>/latest` to it. */
async function keepReport(
  operator: GameDayOperator,
  gameDayId: string,
  out: string,
): Promise<{ path: string; json: string } | null> {
  const files = await operator.report(gameDayId);
  const json = files.get('report.json');
  if (json === undefined) return null;
  const path = join(out, gameDayId);
  for (const [name, text] of files) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  const latest = join(out, 'latest');
  rmSync(latest, { force: true });
  symlinkSync(gameDayId, latest);
  return { path, json };
}
