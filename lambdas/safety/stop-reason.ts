import type { RunContext } from '../runs/run-context.ts';

/**
 * Why a run has to stop now, or null: somebody asked it to, or the safety lever is pulled. A pulled lever becomes the
 * run's own request to stop, so that its reason is kept with the run.
 */
export async function stopReason({
  runs,
  run,
  lever,
  clock,
}: Pick<RunContext, 'runs' | 'run' | 'lever' | 'clock'>): Promise<string | null> {
  const [{ stopRequested }, pulled] = await Promise.all([runs.get(run.runId), lever.read()]);
  if (stopRequested) return stopRequested.reason;
  if (!pulled?.pulled) return null;
  const reason = `the safety lever was pulled: ${pulled.reason}`;
  await runs.requestStop(run.runId, { reason, by: pulled.by, at: clock.now() });
  return reason;
}
