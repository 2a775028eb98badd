import type { Files } from '../bundle/manifest.ts';
import { rebuild } from '../bundle/rebuild.ts';
import { resultName } from '../bundle/run-evidence.ts';
import { reportSchema, scenarioResultSchema } from '../report/report.schema.ts';
import { runSchema } from '../runs/run.ts';
import type { Compared } from './compared.ts';
import { comparedRun } from './figures.ts';

/**
 * What a bundle says by the rules of this version: its evidence is analysed anew, so that a comparison never compares
 * the rules of two versions.
 * @throws NoBundle, or what reading the evidence throws
 */
export function comparedBundle(files: Files): Compared {
  const { texts } = rebuild(files);
  const report = texts.get('report.json');
  if (report === undefined) return comparedSingle(files, texts.get(resultName)!);
  const { gameDayId, startedAt, target, profile, scenarios } = reportSchema.parse(JSON.parse(report));
  return { id: gameDayId, startedAt, target: target.id, profile, runs: scenarios.map(comparedRun) };
}

function comparedSingle(files: Files, result: string): Compared {
  const run = runSchema.parse(JSON.parse(Buffer.from(files.get('run.json')!).toString('utf8')));
  const { runId, createdAt, targetId, profile } = run;
  const runs = [comparedRun(scenarioResultSchema.parse(JSON.parse(result)))];
  return { id: runId, startedAt: createdAt, target: targetId, profile, runs };
}
