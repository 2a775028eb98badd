import type { RunContext } from '../runs/run-context.ts';

export interface StateError {
  state: string;
  error: string;
  cause: string;
}

/**
 * Keeps what went wrong in a state of the machine with the run's events; the analysis makes the verdict of it. An error
 * ends the experiment: the next phase tells the observers.
 */
export async function recordError(
  { run, runs, clock }: RunContext,
  { state, error, cause }: StateError,
): Promise<void> {
  const detail = { state, error: error.slice(0, 200), cause: cause.slice(0, 2000) };
  await runs.addEvent(run.runId, { at: clock.now(), type: 'error', detail });
  if (run.phase !== 'analyse') await runs.enterPhase(run.runId, 'verify', clock.now(), null);
}
