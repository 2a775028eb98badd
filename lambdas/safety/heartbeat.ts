import { logger } from '../aws/logger.ts';
import type { RunContext } from '../runs/run-context.ts';
import { LeaseLost, renewEverySeconds } from './leases.client.ts';

type Beating = Pick<RunContext, 'run' | 'runs' | 'leases' | 'clock'>;

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

async function renew({ run: { runId }, runs, leases, clock }: Beating): Promise<void> {
  try {
    await leases.renew(runId);
  } catch (error) {
    if (!(error instanceof LeaseLost)) {
      logger.warn('the lease could not be renewed', error as Error);
      return;
    }
    // Released at the end of the run, or by whoever cleaned up after it: then there is nothing left to stop.
    if ((await runs.get(runId)).phase === 'done') return;
    await runs.requestStop(runId, { reason: error.message, by: 'Faultline', at: clock.now() });
  }
}
