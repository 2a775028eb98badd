import { analyse } from '../analysis/analyse.ts';
import { buildReport } from '../report/build-report.ts';
import { type ScenarioResult, scenarioResultSchema } from '../report/report.schema.ts';
import { reportFiles } from '../report/report-files.ts';
import { runSchema } from '../runs/run.ts';
import { gameDayName, readGameDay } from './game-day-file.ts';
import type { Files } from './manifest.ts';
import { configurationOf, evidenceOf, isEvidence, resultName } from './run-evidence.ts';

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
  return {
    texts: new Map([[resultName, resultText(runId, files)]]),
    madeBy: [configurationOf(files).versions.faultline],
  };
}

function rebuiltReport({ runs, ...input }: ReturnType<typeof readGameDay>, files: Files): Rebuilt {
  const bundles = runs.map((runId) => ({ runId, files: below(`runs/${runId}/`, files) }));
  const results = bundles.map(({ runId, files: own }) => resultOf(runId, own));
  const texts = reportFiles(buildReport({ ...input, results })).map(({ name, text }) => [name, text] as const);
  const versions = bundles.map(({ files: own }) => configurationOf(own).versions.faultline);
  return { texts: new Map(texts), madeBy: [...new Set(versions)].sort() };
}

/** As it is kept, and as whoever reads it from there has it. */
const resultText = (runId: string, files: Files): string =>
  JSON.stringify(analyse(evidenceOf(runId, new Map([...files].filter(([path]) => isEvidence(path))))));

const resultOf = (runId: string, files: Files): ScenarioResult =>
  scenarioResultSchema.parse(JSON.parse(resultText(runId, files)));

const below = (prefix: string, files: Files): Files =>
  new Map([...files].flatMap(([path, bytes]) => (path.startsWith(prefix) ? [[path.slice(prefix.length), bytes]] : [])));
