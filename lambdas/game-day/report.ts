import { type Timeline, timelineSchema } from '../analysis/timeline.ts';
import { gameDayName, gameDayText } from '../bundle/game-day-file.ts';
import { manifestName, manifestOf, manifestText } from '../bundle/manifest.ts';
import { once, recordedSteps } from '../checklist/checklist-records.ts';
import { tell } from '../checklist/tell.ts';
import { earlierName } from '../comparison/compared.ts';
import { resultKey, runPrefix, timelineKey } from '../finish/analyse-run.ts';
import type { AnnounceServices } from '../notifications/announce.ts';
import { gameDayEnded } from '../notifications/of-game-day.ts';
import type { ReportLink } from '../notifications/report-link.ts';
import { buildReport, type ReportInput } from '../report/build-report.ts';
import { type ScenarioResult, scenarioResultSchema } from '../report/report.schema.ts';
import { reportFiles } from '../report/report-files.ts';
import type { Services } from '../runs/run-context.ts';
import { earlierGameDays } from './earlier-game-days.ts';
import { failureReason } from './failure-reason.ts';
import type { GameDay } from './game-day.ts';

export interface ReportServices extends Services, AnnounceServices {
  reportOf(gameDayId: string): ReportLink;
}

/** Combines the results of a game-day's runs into its report, tells that it has ended, and keeps it with the evidence. */
export async function writeReport(
  gameDayId: string,
  problems: ReadonlyMap<string, string>,
  services: ReportServices,
  mode: 'local' | 'aws',
): Promise<{ keys: string[]; verdicts: Record<string, string> }> {
  const { gameDays, runs, evidence, clock, target, reportOf } = services;
  const gameDay = await gameDays.get(gameDayId);
  const endedAt = clock.now();
  const { results, notRun } = await resultsOf(gameDay, problems, { runs, evidence });
  const { profile, startedAt } = gameDay;
  // Before the report is written: that the team was told is a line of it.
  const ended = gameDayEnded(gameDay, results, endedAt, reportOf(gameDayId));
  await once(gameDayId, 'told-end', () => tell('end', ended, services), services);
  const input: ReportInput = {
    gameDayId,
    startedAt,
    endedAt,
    mode,
    profile,
    target: await target(gameDay.target),
    results,
    notRun,
    checklist: await recordedSteps(gameDayId, { evidence }),
    earlier: await earlierGameDays(gameDay, { gameDays, evidence }),
  };
  const keys = await keepReport(input, evidence);
  await gameDays.finish(gameDayId, endedAt);
  return { keys, verdicts: Object.fromEntries(results.map((r) => [r.id, r.verdict])) };
}

/** The report, what it was made of, and last a manifest of all that with the runs' own. @returns the report's keys */
async function keepReport(input: ReportInput, evidence: Services['evidence']): Promise<string[]> {
  const { gameDayId, results, earlier = [] } = input;
  const prefix = `game-days/${gameDayId}/`;
  const reports = reportFiles(buildReport(input), await timelinesOf(results, evidence));
  await evidence.put(prefix + gameDayName, gameDayText(input));
  if (earlier.length > 0) await evidence.put(prefix + earlierName, JSON.stringify(earlier));
  for (const { name, text, contentType } of reports) await evidence.put(prefix + name, text, contentType);
  const files = await evidence.files(prefix);
  // An earlier try's.
  files.delete(manifestName);
  for (const path of results.map(({ runId }) => runPrefix(runId) + manifestName)) {
    const manifest = await evidence.get(path);
    if (manifest !== null) files.set(path, Buffer.from(manifest));
  }
  await evidence.put(prefix + manifestName, manifestText(manifestOf({ kind: 'game-day', id: gameDayId }, files)));
  return reports.map(({ name }) => prefix + name);
}

async function timelinesOf(results: readonly ScenarioResult[], evidence: Services['evidence']): Promise<Timeline[]> {
  const texts = await Promise.all(results.map(({ runId }) => evidence.get(timelineKey(runId))));
  return texts.flatMap((text) => (text === null ? [] : [timelineSchema.parse(JSON.parse(text))]));
}

async function resultsOf(
  { runs, stopRequested, inapplicable }: GameDay,
  problems: ReadonlyMap<string, string>,
  { runs: runRecords, evidence }: Pick<Services, 'runs' | 'evidence'>,
) {
  const results: ScenarioResult[] = [];
  const notRun = inapplicable.map(({ scenario: id, reason }) => ({ id, reason }));
  for (const { runId, scenario } of runs) {
    const text = await evidence.get(resultKey(runId));
    if (text !== null) results.push(scenarioResultSchema.parse(JSON.parse(text)));
    else {
      const run = await runRecords.find(runId);
      const ended = run?.verdict ? `${run.verdict}: ${run.verdictReason}` : problems.get(runId);
      notRun.push({ id: scenario, reason: withoutResult(runId, ended, stopRequested?.reason) });
    }
  }
  return { results, notRun };
}

function withoutResult(runId: string, problem: string | undefined, stopped: string | undefined): string {
  if (problem) return failureReason(problem);
  return stopped ? `the game-day was stopped before it (${stopped})` : `it left no result; execution ${runId} says why`;
}
