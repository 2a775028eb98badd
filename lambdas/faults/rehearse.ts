import type { SliceResult } from '../aws/step.ts';
import type { RunContext } from '../runs/run-context.ts';
import { FaultRefused } from './fault.ts';

/**
 * Takes the measurement that will have to show that the fault is gone, while there is none yet: a right that is missing
 * there ends the run before anything is touched. What it shows does not matter: a crash, for one, is gone only when
 * there is another process.
 * @throws FaultRefused, or what the measurement throws
 */
export async function rehearseProof({ fault, scenario, io, run }: RunContext): Promise<SliceResult> {
  if (!fault) throw new FaultRefused(`scenario ${scenario.id} has no fault`);
  await fault.proveGone(io, await fault.capture(io, run));
  return { status: 'done' };
}
