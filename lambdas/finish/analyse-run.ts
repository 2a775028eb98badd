import { z } from 'zod';
import { resultOf } from '../analysis/analyse.ts';
import { factsOf } from '../analysis/facts.ts';
import { timelineOf } from '../analysis/timeline.ts';
import { type Files, manifestName, manifestOf, manifestText } from '../bundle/manifest.ts';
import { evidenceOf, isEvidence, type RunConfiguration, resultName, timelineName } from '../bundle/run-evidence.ts';
import { withoutCredentials } from '../bundle/without-credentials.ts';
import { locustFiles } from '../load/load.ts';
import type { ScenarioResult } from '../report/report.schema.ts';
import { type Run, verdicts } from '../runs/run.ts';
import type { RunContext } from '../runs/run-context.ts';
import type { ExecutionHistory } from './execution-history.client.ts';

export const runPrefix = (runId: string) => `runs/${runId}/`;
export const resultKey = (runId: string) => runPrefix(runId) + resultName;
export const timelineKey = (runId: string) => runPrefix(runId) + timelineName;

export interface AnalysisIo {
  /** As the load's task definition has it, without what a run adds. */
  loadCommand: string;
  /** Of Faultline. */
  version: string;
  history(run: Run): Promise<ExecutionHistory>;
}

/**
 * Completes a run's evidence, makes its result of exactly that, and keeps it with a manifest of it all: the run's
 * verdict is decided here, once.
 */
export async function analyseRun(context: RunContext, io: AnalysisIo): Promise<Pick<ScenarioResult, 'verdict'>> {
  const { run, runs, evidence, clock } = context;
  const { runId } = run;
  if (run.verdict !== null) return { verdict: run.verdict };
  await runs.enterPhase(runId, 'analyse', clock.now(), null);
  await completeEvidence(context, io);
  const files = new Map([...(await evidence.files(runPrefix(runId)))].filter(([path]) => isEvidence(path)));
  const facts = factsOf(evidenceOf(runId, files));
  // Two clean-ups of one run may come here: the first result is the run's, for both.
  const first = await evidence.putFirst(resultKey(runId), JSON.stringify(resultOf(facts)));
  const timeline = await evidence.putFirst(timelineKey(runId), JSON.stringify(timelineOf(facts)));
  const made = new Map([
    [resultName, Buffer.from(first)],
    [timelineName, Buffer.from(timeline)],
  ]);
  await seal(context, new Map([...files, ...made]));
  const { verdict, reason } = outcomeSchema.parse(JSON.parse(first));
  await runs.finish(runId, verdict, reason ?? null, clock.now());
  return { verdict };
}

const outcomeSchema = z.object({ verdict: z.enum(verdicts), reason: z.string().nullish() });

/**
 * What the table and the state machine let expire, and how the run was configured, is kept with the rest of the
 * evidence, before anything can go wrong with it. A repeated analysis finds what the first one has kept.
 */
async function completeEvidence(context: RunContext, { history, ...io }: AnalysisIo): Promise<void> {
  const { runId } = context.run;
  const { runs, evidence } = context;
  const [run, events, samples] = await Promise.all([runs.get(runId), runs.events(runId), runs.samples(runId)]);
  const lines = (items: unknown[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('');
  const keep = (name: string, text: string) => evidence.putFirst(runPrefix(runId) + name, withoutCredentials(text));
  await keep('run.json', JSON.stringify(run));
  await keep('events.jsonl', lines(events));
  await keep('samples.jsonl', lines(samples));
  await keep('configuration.json', `${JSON.stringify(configurationOf(context, io), null, 2)}\n`);
  await keep('state-machine.json', `${JSON.stringify(await history(run), null, 2)}\n`);
}

function configurationOf(
  { run, scenario, io }: RunContext,
  { loadCommand, version }: Pick<AnalysisIo, 'loadCommand' | 'version'>,
): RunConfiguration {
  const { users, spawnRate } = run.load;
  const { endpoint, load } = io.target;
  return {
    scenario,
    locustCommand: `${loadCommand} -f ${locustFiles(load)} --host ${endpoint} --users ${users} --spawn-rate ${spawnRate}`,
    versions: { faultline: version, node: process.version },
  };
}

async function seal({ run: { runId }, evidence }: RunContext, files: Files): Promise<void> {
  const manifest = manifestOf({ kind: 'run', id: runId }, files);
  await evidence.putFirst(runPrefix(runId) + manifestName, manifestText(manifest));
}
