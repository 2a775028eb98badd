import type { RunContext } from '../runs/run-context.ts';

/**
 * Why a run has to stop now, or null. A pulled lever becomes the run's own request to stop, so that its reason is kept
 * with the run.
 */
export async function stopReason({
  runs,
  run,
  safety,
  clock,
}: Pick<RunContext, 'runs' | 'run' | 'safety' | 'clock'>): Promise<string | null> {
  const [{ stopRequested }, lever] = await Promise.all([runs.get(run.runId), safety.lever()]);
  if (stopRequested) return stopRequested.reason;
  if (!lever?.pulled) return null;
  const reason = `safety lever pulled by ${lever.by}: ${lever.reason}`;
  await runs.requestStop(run.runId, { reason, by: lever.by, at: clock.now() });
  return reason;
}
