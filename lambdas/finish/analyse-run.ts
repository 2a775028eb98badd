import { analyse } from '../analysis/analyse.ts';
import { type Evidence, targetView } from '../analysis/evidence.ts';
import type { ScenarioResult } from '../report/report.schema.ts';
import type { RunContext } from '../runs/run-context.ts';

export const resultKey = (runId: string) => `runs/${runId}/result.json`;

/** Gathers a run's evidence, makes its result and keeps it beside the evidence; the run's verdict is decided here, once. */
export async function analyseRun(context: RunContext, locustCommand: string): Promise<Pick<ScenarioResult, 'verdict'>> {
  const { run, runs, evidence, clock } = context;
  if (run.verdict !== null) return { verdict: run.verdict };
  await runs.enterPhase(run.runId, 'analyse', clock.now(), null);
  const gathered = await gather(context);
  const { users, spawnRate } = run.load;
  const result = analyse({
    ...gathered,
    locustCommand: `${locustCommand} --host ${context.io.target.endpoint} --users ${users} --spawn-rate ${spawnRate}`,
  });
  await keepEvents(context, gathered);
  await evidence.put(resultKey(run.runId), JSON.stringify(result));
  await runs.finish(run.runId, result.verdict, result.reason ?? null, clock.now());
  return { verdict: result.verdict };
}

async function gather({ run, runs, scenario, evidence, io }: RunContext): Promise<Evidence> {
  const { runId } = run;
  const [latest, events, samples, windows, ledger, readback, generator, evidenceKeys] = await Promise.all([
    runs.get(runId),
    runs.events(runId),
    runs.samples(runId),
    evidence.windows(runId),
    evidence.ledger(runId),
    evidence.readback(runId),
    evidence.generator(runId),
    evidence.keys(`runs/${runId}/`),
  ]);
  return {
    run: latest,
    scenario,
    target: targetView(io.target),
    events,
    samples,
    windows,
    ledger,
    readback,
    generator,
    evidenceKeys,
  };
}

/** What the table lets expire is kept with the rest of the evidence. */
async function keepEvents({ evidence }: RunContext, { run, events, samples }: Evidence): Promise<void> {
  const lines = (items: unknown[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('');
  await evidence.put(`runs/${run.runId}/run.json`, JSON.stringify(run));
  await evidence.put(`runs/${run.runId}/events.jsonl`, lines(events));
  await evidence.put(`runs/${run.runId}/samples.jsonl`, lines(samples));
}
