import { resultOf } from '../analysis/analyse.ts';
import { factsOf } from '../analysis/facts.ts';
import { type Timeline, timelineOf } from '../analysis/timeline.ts';
import { earlierName, earlierSchema } from '../comparison/compared.ts';
import { buildReport } from '../report/build-report.ts';
import { scenarioResultSchema } from '../report/report.schema.ts';
import { reportFiles } from '../report/report-files.ts';
import { runSchema } from '../runs/run.ts';
import { gameDayName, readGameDay } from './game-day-file.ts';
import type { Files } from './manifest.ts';
import { configurationOf, evidenceOf, isEvidence, resultName, timelineName } from './run-evidence.ts';

export class NoBundle extends Error {
  constructor() {
    super(`there is neither a ${gameDayName} nor a run.json: it is not the folder of a game-day or of a run`);
    this.name = 'NoBundle';
  }
}

/** What was made again from the evidence, as text by name, and which versions had analysed it. */
export interface Rebuilt {
  texts: Map<string, string>;
  madeBy: string[];
}

/**
 * A game-day's report from the evidence of its runs, or a run's result from its evidence: every run is analysed anew,
 * and no result that lies there is looked at.
 * @throws NoBundle, or what reading the evidence throws
 */
export function rebuild(files: Files): Rebuilt {
  const gameDay = files.get(gameDayName);
  if (gameDay) return rebuiltReport(readGameDay(Buffer.from(gameDay).toString('utf8')), files);
  const run = files.get('run.json');
  if (!run) throw new NoBundle();
  const { runId } = runSchema.parse(JSON.parse(Buffer.from(run).toString('utf8')));
  const { result, timeline } = analysed(runId, files);
  return {
    texts: new Map([
      [resultName, result],
      [timelineName, JSON.stringify(timeline)],
    ]),
    madeBy: [configurationOf(files).versions.faultline],
  };
}

function rebuiltReport({ runs, ...input }: ReturnType<typeof readGameDay>, files: Files): Rebuilt {
  const bundles = runs.map((runId) => ({ runId, files: below(`runs/${runId}/`, files) }));
  const made = bundles.map(({ runId, files: own }) => analysed(runId, own));
  const results = made.map(({ result }) => scenarioResultSchema.parse(JSON.parse(result)));
  const earlier = files.get(earlierName);
  const report = buildReport({ ...input, results, earlier: earlier && earlierGameDays(earlier) });
  const texts = reportFiles(
    report,
    made.map(({ timeline }) => timeline),
  ).map(({ name, text }) => [name, text] as const);
  const versions = bundles.map(({ files: own }) => configurationOf(own).versions.faultline);
  return { texts: new Map(texts), madeBy: [...new Set(versions)].sort() };
}

const earlierGameDays = (bytes: Uint8Array) => earlierSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));

/** The result as it is kept, which whoever reads it from there has; the timeline is the same either way. */
function analysed(runId: string, files: Files): { result: string; timeline: Timeline } {
  const facts = factsOf(evidenceOf(runId, new Map([...files].filter(([path]) => isEvidence(path)))));
  return { result: JSON.stringify(resultOf(facts)), timeline: timelineOf(facts) };
}

const below = (prefix: string, files: Files): Files =>
  new Map([...files].flatMap(([path, bytes]) => (path.startsWith(prefix) ? [[path.slice(prefix.length), bytes]] : [])));
