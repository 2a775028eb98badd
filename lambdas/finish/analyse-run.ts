import { z } from 'zod';
import { analyse } from '../analysis/analyse.ts';
import { type Evidence, targetView } from '../analysis/evidence.ts';
import type { ScenarioResult } from '../report/report.schema.ts';
import { verdicts } from '../runs/run.ts';
import type { RunContext } from '../runs/run-context.ts';

export const resultKey = (runId: string) => `runs/${runId}/result.json`;

/** Gathers a run's evidence, makes its result and keeps it beside the evidence; the run's verdict is decided here, once. */
export async function analyseRun(context: RunContext, locustCommand: string): Promise<Pick<ScenarioResult, 'verdict'>> {
  const { run, runs, evidence, clock } = context;
  if (run.verdict !== null) return { verdict: run.verdict };
  await runs.enterPhase(run.runId, 'analyse', clock.now(), null);
  const told = await keepTold(context);
  const gathered = await gather(context, told);
  const { users, spawnRate } = run.load;
  const result = analyse({
    ...gathered,
    locustCommand: `${locustCommand} --host ${context.io.target.endpoint} --users ${users} --spawn-rate ${spawnRate}`,
  });
  // Two clean-ups of one run may come here: the first result is the run's, for both.
  const first = await evidence.putFirst(resultKey(run.runId), JSON.stringify(result));
  const { verdict, reason } = outcomeSchema.parse(JSON.parse(first));
  await runs.finish(run.runId, verdict, reason ?? null, clock.now());
  return { verdict };
}

const outcomeSchema = z.object({ verdict: z.enum(verdicts), reason: z.string().nullish() });

type Told = Pick<Evidence, 'run' | 'events' | 'samples'>;

/** What the table lets expire is kept with the rest of the evidence, before anything can go wrong with it. */
async function keepTold({ run: { runId }, runs, evidence }: RunContext): Promise<Told> {
  const [run, events, samples] = await Promise.all([runs.get(runId), runs.events(runId), runs.samples(runId)]);
  const lines = (items: unknown[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('');
  await evidence.put(`runs/${runId}/run.json`, JSON.stringify(run));
  await evidence.put(`runs/${runId}/events.jsonl`, lines(events));
  await evidence.put(`runs/${runId}/samples.jsonl`, lines(samples));
  return { run, events, samples };
}

async function gather({ run: { runId }, scenario, evidence, io }: RunContext, told: Told): Promise<Evidence> {
  const [windows, hostSamples, ledger, readback, generator, evidenceKeys] = await Promise.all([
    evidence.windows(runId),
    evidence.hostSamples(runId),
    evidence.ledger(runId),
    evidence.readback(runId),
    evidence.generator(runId),
    evidence.keys(`runs/${runId}/`),
  ]);
  return {
    ...told,
    scenario,
    target: targetView(io.target),
    windows,
    hostSamples,
    ledger,
    readback,
    generator,
    evidenceKeys,
  };
}
