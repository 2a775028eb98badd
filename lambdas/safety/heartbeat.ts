import { logger } from '../aws/logger.ts';
import type { Run } from '../runs/run.ts';
import type { RunContext } from '../runs/run-context.ts';
import { LeaseLost, renewEverySeconds } from './leases.client.ts';

type Beating = Pick<RunContext, 'runs' | 'leases' | 'clock'> & { run: Pick<Run, 'runId'> };

/**
 * Keeps the run's lease alive for as long as `work` takes: as long as any step that conducts a run is at work, the run
 * is conducted. A run that finds its lease gone is asked to stop, for its target may be another's now. A lease that
 * could not be renewed for another reason is renewed by the next beat, or by the next step.
 */
export async function whileLeased<T>(context: Beating, work: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const beats = beat(context, over.signal);
  try {
    return await work();
  } finally {
    over.abort();
    await beats;
  }
}

async function beat(context: Beating, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await renew(context);
    await context.clock.sleep(renewEverySeconds, over);
  }
}

async function renew(context: Beating): Promise<void> {
  try {
    await context.leases.renew(context.run.runId);
  } catch (error) {
    const told = error instanceof LeaseLost ? await stopped(context, error) : error;
    if (told) logger.warn('the lease could not be renewed', told as Error);
  }
}

/** Returns why the run could not be asked to stop, or null. */
async function stopped({ run: { runId }, runs, clock }: Beating, { message }: LeaseLost): Promise<unknown> {
  try {
    // Released at the end of the run, or by whoever cleaned up after it: then there is nothing left to stop.
    if ((await runs.get(runId)).phase === 'done') return null;
    await runs.requestStop(runId, { reason: message, by: 'Faultline', at: clock.now() });
    return null;
  } catch (error) {
    return error;
  }
}
