import { z } from 'zod';
import { type Evidence, targetView } from '../analysis/evidence.ts';
import { hostSampleSchema } from '../evidence/host-sample.ts';
import { ledgerEntrySchema, readbackEntrySchema } from '../evidence/ledger.ts';
import { sampleSchema } from '../evidence/sample.ts';
import { generatorReportSchema, windowSchema } from '../evidence/window.ts';
import { keptLogs } from '../logs/kept-logs.ts';
import { runEventSchema, runSchema } from '../runs/run.ts';
import { type Scenario, scenarioIds } from '../scenarios/scenario.ts';
import { keptSignals, signalsFileName } from '../signals/kept-signals.ts';
import { type Files, manifestName } from './manifest.ts';

export const resultName = 'result.json';
export const timelineName = 'timeline.json';

/** What of a run's configuration stands nowhere else: `configuration.json`. */
export interface RunConfiguration {
  /** The scenario as it was when the run was analysed. */
  scenario: Scenario;
  locustCommand: string;
  versions: { faultline: string; node: string };
}

/** The scenario is what this version, or an earlier one, wrote: the analysis finds out whether it is still all there. */
const configurationSchema = z.object({
  scenario: z.custom<Scenario>((s) => z.looseObject({ id: z.enum(scenarioIds) }).safeParse(s).success),
  locustCommand: z.string(),
  versions: z.object({ faultline: z.string(), node: z.string() }),
});

const derived: readonly string[] = [resultName, timelineName, manifestName];

/** What is made from a run's evidence is no evidence. */
export const isEvidence = (path: string): boolean => !derived.includes(path);

/**
 * The evidence in a run's files, and nothing else: when the run ends and whenever it is analysed again.
 * @throws SyntaxError or ZodError where a file is not what it should be, Error where one is missing
 */
export function evidenceOf(runId: string, files: Files): Evidence {
  const { scenario, locustCommand, versions } = configurationOf(files);
  const run = runSchema.parse(JSON.parse(textOf(files, 'run.json')));
  const generator = files.has('generator.json') ? textOf(files, 'generator.json') : null;
  return {
    run,
    scenario,
    target: targetView(run.target),
    events: lines(files, 'events.jsonl', runEventSchema),
    samples: lines(files, 'samples.jsonl', sampleSchema),
    windows: lines(files, 'windows/', windowSchema),
    hostSamples: lines(files, 'hosts/', hostSampleSchema),
    ledger: lines(files, 'ledger/', ledgerEntrySchema),
    readback: lines(files, 'readback', readbackEntrySchema),
    generator: generator === null ? null : generatorReportSchema.parse(JSON.parse(generator)),
    logs: keptLogs((name) => (files.has(name) ? textOf(files, name) : null)),
    signals: keptSignals(files.has(signalsFileName) ? textOf(files, signalsFileName) : null),
    locustCommand,
    versions,
    evidenceKeys: pathsOf(files).map((path) => `runs/${runId}/${path}`),
  };
}

/** @throws Error where there is none */
export const configurationOf = (files: Files): RunConfiguration =>
  configurationSchema.parse(JSON.parse(textOf(files, 'configuration.json')));

/** Whoever listed the files, they are read in one order. */
const pathsOf = (files: Files): string[] => [...files.keys()].filter(isEvidence).sort();

function textOf(files: Files, path: string): string {
  const bytes = files.get(path);
  if (!bytes) throw new Error(`${path} is not among the run's evidence`);
  return Buffer.from(bytes).toString('utf8');
}

const lines = <T extends z.ZodType>(files: Files, prefix: string, schema: T): z.infer<T>[] =>
  pathsOf(files)
    .filter((path) => path.startsWith(prefix))
    .flatMap((path) => textOf(files, path).split('\n').filter(Boolean))
    .map((line) => schema.parse(JSON.parse(line)));
