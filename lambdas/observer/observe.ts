import { longestSeconds, type PhaseName } from '../runs/run.ts';
import type { RunContext } from '../runs/run-context.ts';

/** Each slice covers `length` seconds and the next one begins `stride` after it: they overlap, so none leaves a gap. */
export const slice = { length: 60, stride: 55 } as const;

type Observing = Pick<RunContext, 'run' | 'runs' | 'clock' | 'io'>;

/** What takes longer is no answer. */
const probeMs = 900;
/** Behind 500 ms of latency a new connection and its answer take three of them; samples may be 3 s apart. */
const metricsMs = 2000;

/** The observer's work ends where the load's does. */
const ended: readonly PhaseName[] = ['verify', 'analyse', 'done'];

/**
 * Observes the target once a second during slice `index` of the run, [stride·index, stride·index + length) seconds
 * after its creation, and returns early when the run's experiment has ended. Before its slice it only waits.
 * @returns whether the experiment has ended: then no later slice is needed
 */
export async function observe({ run, runs, clock, io }: Observing, index: number): Promise<{ ended: boolean }> {
  const from = run.createdAt + slice.stride * index;
  const to = from + slice.length;
  if (from > run.createdAt + longestSeconds(run.seconds)) return { ended: true };
  if (index === 0) await noteVersions({ run, runs, clock, io });
  while (clock.now() < to) {
    const second = Math.floor(clock.now());
    const { phase } = await runs.get(run.runId);
    if (ended.includes(phase)) return { ended: true };
    if (clock.now() >= from) await runs.addSample(run.runId, await io.probes.sample(probeMs, metricsMs));
    await clock.sleep(second + 1 - clock.now());
  }
  return { ended: false };
}

/** Before the fault everything answers. A slice that is repeated asks again. */
async function noteVersions({ run, runs, clock, io }: Observing): Promise<void> {
  const detail = await io.probes.versions();
  await runs.addEvent(run.runId, { at: clock.now(), type: 'tools', detail });
}
