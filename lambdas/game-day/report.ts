import { resultKey } from '../finish/analyse-run.ts';
import { buildReport } from '../report/build-report.ts';
import { renderMarkdown } from '../report/render-markdown.ts';
import { type ScenarioResult, scenarioResultSchema } from '../report/report.schema.ts';
import type { Services } from '../runs/run-context.ts';
import { failureReason } from './failure-reason.ts';
import type { GameDay } from './game-day.ts';

/** Combines the results of a game-day's runs into its report and keeps it with the evidence. */
export async function writeReport(
  gameDayId: string,
  problems: ReadonlyMap<string, string>,
  { gameDays, runs, evidence, clock, target }: Services,
  mode: 'local' | 'aws',
): Promise<{ keys: string[]; verdicts: Record<string, string> }> {
  const gameDay = await gameDays.get(gameDayId);
  const endedAt = clock.now();
  const { results, notRun } = await resultsOf(gameDay, problems, { runs, evidence });
  const { profile, startedAt } = gameDay;
  const report = buildReport({
    gameDayId,
    startedAt,
    endedAt,
    mode,
    profile,
    target: await target(gameDay.target),
    results,
    notRun,
  });
  const json = `game-days/${gameDayId}/report.json`;
  const markdown = `game-days/${gameDayId}/report.md`;
  await evidence.put(json, `${JSON.stringify(report, null, 2)}\n`);
  await evidence.put(markdown, renderMarkdown(report), 'text/markdown; charset=utf-8');
  await gameDays.finish(gameDayId, endedAt);
  return { keys: [json, markdown], verdicts: Object.fromEntries(results.map((r) => [r.id, r.verdict])) };
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
