import { z } from 'zod';
import { runStep } from '../aws/step.ts';

const shape = { state: z.string().max(80), error: z.string(), cause: z.string() };

/**
 * Keeps what went wrong in a state of the machine with the run's events; the analysis makes the verdict of it. An error
 * ends the experiment: the next phase tells the observers.
 */
export const handler = runStep(shape, async ({ run, runs, clock }, { state, error, cause }) => {
  const detail = { state, error: error.slice(0, 200), cause: cause.slice(0, 2000) };
  await runs.addEvent(run.runId, { at: clock.now(), type: 'error', detail });
  if (run.phase !== 'analyse' && run.phase !== 'done') await runs.enterPhase(run.runId, 'verify', clock.now(), null);
});
