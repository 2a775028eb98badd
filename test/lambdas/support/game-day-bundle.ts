import { resultOf } from '../../../lambdas/analysis/analyse.ts';
import type { Evidence } from '../../../lambdas/analysis/evidence.ts';
import { factsOf } from '../../../lambdas/analysis/facts.ts';
import { timelineOf } from '../../../lambdas/analysis/timeline.ts';
import { gameDayText } from '../../../lambdas/bundle/game-day-file.ts';
import { type Files, manifestOf, manifestText } from '../../../lambdas/bundle/manifest.ts';
import { evidenceOf } from '../../../lambdas/bundle/run-evidence.ts';
import { buildReport, type ReportInput } from '../../../lambdas/report/build-report.ts';
import { reportFiles } from '../../../lambdas/report/report-files.ts';
import { evidenceFiles } from './bundle.ts';

const bytes = (text: string) => Buffer.from(text);
const sealed = (of: Parameters<typeof manifestOf>[0], files: Files): Files =>
  new Map([...files, ['manifest.json', bytes(manifestText(manifestOf(of, files)))]]);

/** What a game-day with one run leaves: the run's own files, the report's, and all of them as they lie in its folder. */
export function gameDayBundle(gameDayId: string, evidence: Evidence) {
  const { runId } = evidence.run;
  const measured = evidenceFiles(evidence);
  const facts = factsOf(evidenceOf(runId, measured));
  const [result, timeline] = [resultOf(facts), timelineOf(facts)];
  const made = new Map([
    ['result.json', bytes(JSON.stringify(result))],
    ['timeline.json', bytes(JSON.stringify(timeline))],
  ]);
  const run = sealed({ kind: 'run', id: runId }, new Map([...measured, ...made]));
  const input: ReportInput = {
    gameDayId,
    startedAt: evidence.run.createdAt,
    endedAt: evidence.run.createdAt + 300.5,
    mode: 'local',
    profile: 'quick',
    target: evidence.target,
    results: [result],
  };
  const reports = reportFiles(buildReport(input), [timeline]).map(({ name, text }) => [name, bytes(text)] as const);
  const files: Files = new Map([
    ...[...run].map(([path, b]) => [`runs/${runId}/${path}`, b] as const),
    ...sealed(
      { kind: 'game-day', id: gameDayId },
      new Map([
        ...reports,
        ['game-day.json', bytes(gameDayText(input))],
        [`runs/${runId}/manifest.json`, run.get('manifest.json')!],
      ]),
    ),
  ]);
  return { files, run, made: [...made.keys()], reports, evidence };
}
