import type { RunContext } from '../runs/run-context.ts';

/**
 * The last step of every path: the run is over and its target is free again. A target whose fault is not proven gone
 * is not free: its lease runs out instead, which the reaper takes up.
 */
export async function release({ run, runs, leases, undoRecords, clock }: RunContext): Promise<{ freed: boolean }> {
  if (run.verdict === null) {
    await runs.finish(run.runId, 'ERROR', 'the run ended without an analysis; see its events', clock.now());
  }
  const restored = await undoRecords.isRestored(run.runId);
  await (restored ? leases.release(run.runId) : leases.expire(run.runId));
  return { freed: restored };
}
