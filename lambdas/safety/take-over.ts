import { z } from 'zod';
import { runIdSchema } from '../runs/run.ts';
import type { Services } from '../runs/run-context.ts';

/** Why somebody else has to end a run: what Step Functions says of its execution, or what the reaper found. */
export const takeOverInput = z.strictObject({
  runId: runIdSchema,
  status: z.enum(['ABORTED', 'TIMED_OUT', 'FAILED', 'ORPHANED']),
  cause: z.string().max(2000).default(''),
});
type TakeOver = z.infer<typeof takeOverInput>;

/**
 * Before the clean-up of a run whose execution has ended without its own: keeps the reason with the run, which becomes
 * its verdict's, and has stragglers stop. `nothing` where there is nothing to clean up: the execution never got as far
 * as a run, or had ended it.
 */
export async function takeOver(
  input: TakeOver,
  shared: Pick<Services, 'runs' | 'leases' | 'undoRecords' | 'clock'>,
): Promise<{ runId: string; status: 'clean-up' | 'nothing' }> {
  const { runId } = input;
  const run = await shared.runs.find(runId);
  const [isHeld, isRestored] = await Promise.all([shared.leases.isHeldBy(runId), shared.undoRecords.isRestored(runId)]);
  if (!run) {
    // It was ended between taking the target and recording the run.
    if (isRestored) await shared.leases.release(runId);
    return { runId, status: 'nothing' };
  }
  if (run.phase === 'done' && !isHeld && isRestored) return { runId, status: 'nothing' };
  if (run.verdict === null) await keepReason(input, shared);
  return { runId, status: 'clean-up' };
}

/** A run that was stopped was ABORTED; an execution that broke off by itself is our own ERROR. */
async function keepReason(
  { runId, status, cause }: TakeOver,
  { runs, clock }: Pick<Services, 'runs' | 'clock'>,
): Promise<void> {
  const at = clock.now();
  const stop = {
    ABORTED: { by: 'Step Functions', reason: 'its execution was stopped from outside' },
    ORPHANED: { by: 'the reaper', reason: cause },
    TIMED_OUT: null,
    FAILED: null,
  }[status];
  if (!stop) {
    await runs.addEvent(runId, { at, type: 'error', detail: { state: 'execution', error: status, cause } });
  }
  // Not to be ABORTED, it only has whatever of it is still at work stop.
  else await runs.requestStop(runId, { ...stop, at });
}
