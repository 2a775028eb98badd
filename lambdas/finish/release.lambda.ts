import { runStep } from '../aws/step.ts';

/** The last state of every path: the run is over and its target is free again. */
export const handler = runStep({}, async ({ run, runs, safety, clock }) => {
  if (run.verdict === null) {
    await runs.finish(run.runId, 'ERROR', 'the run ended without an analysis; see its events', clock.now());
  }
  await safety.releaseLease(run.targetId, run.runId);
});
