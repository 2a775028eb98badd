import { longestSeconds, type PhaseName } from '../runs/run.ts';
import type { RunContext } from '../runs/run-context.ts';

/** Each slice covers `length` seconds and the next one begins `stride` after it: they overlap, so none leaves a gap. */
export const slice = { length: 60, stride: 55 } as const;

/** The observer's work ends where the load's does. */
const ended: readonly PhaseName[] = ['verify', 'analyse', 'done'];

/**
 * Observes the target once a second during slice `index` of the run, [stride·index, stride·index + length) seconds
 * after its creation, and returns early when the run's experiment has ended. Before its slice it only waits.
 * @returns whether the experiment has ended: then no later slice is needed
 */
export async function observe({ run, runs, clock, io }: RunContext, index: number): Promise<{ ended: boolean }> {
  const from = run.createdAt + slice.stride * index;
  const to = from + slice.length;
  if (from > run.createdAt + longestSeconds(run.seconds)) return { ended: true };
  while (clock.now() < to) {
    const second = Math.floor(clock.now());
    const { phase } = await runs.get(run.runId);
    if (ended.includes(phase)) return { ended: true };
    if (clock.now() >= from) await runs.addSample(run.runId, await io.probes.sample());
    await clock.sleep(second + 1 - clock.now());
  }
  return { ended: false };
}
