import { z } from 'zod';
import { runStep } from '../aws/step.ts';

/** Keeps what went wrong in a state of the machine with the run's events; the analysis makes the verdict of it. */
export const handler = runStep(
  { state: z.string().max(80), error: z.string(), cause: z.string() },
  async (context, input) => {
    const { run, runs, clock } = context;
    const detail = { state: input.state, error: input.error.slice(0, 200), cause: input.cause.slice(0, 2000) };
    await runs.addEvent(run.runId, { at: clock.now(), type: 'error', detail });
  },
);
