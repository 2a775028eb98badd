import type { RunContext } from '../runs/run-context.ts';

/** The last step of every path: the run is over and its target is free again. */
export async function release({ run, runs, safety, clock }: RunContext): Promise<void> {
  if (run.verdict === null) {
    await runs.finish(run.runId, 'ERROR', 'the run ended without an analysis; see its events', clock.now());
  }
  await safety.releaseLease(run.targetId, run.runId);
}
