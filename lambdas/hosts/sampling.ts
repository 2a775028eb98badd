import { longestSeconds } from '../runs/run.ts';
import type { RunContext } from '../runs/run-context.ts';
import { processParameters } from './host-status.ts';
import type { CommandEnd } from './hosts.client.ts';

export const samplerDocument = 'Faultline-Sampler';

/** The document's own bound. */
const mostSeconds = 7200;
/** For the last slice to be uploaded. */
const endSeconds = 40;
const [lookSeconds, pollSeconds] = [5, 0.5];

/** @param form what the host uploads with: below that prefix, for that many seconds */
type Form = (prefix: string, seconds: number) => Promise<string>;

/**
 * Has every host of the run's target sample itself until the run's load ends, or for the longest that a run can take.
 * Called again it starts no other. What goes wrong with it is told among the run's events: a run without its hosts'
 * figures is worth something all the same.
 */
export async function startSampling(context: RunContext, form: Form): Promise<void> {
  const { run, runs, io, clock } = context;
  if (!run.target.hosts || run.hosts.length === 0 || (await runs.isMarked(run.runId, 'sampling'))) return;
  const seconds = Math.min(longestSeconds(run.seconds), mostSeconds);
  const common = {
    RunId: run.runId,
    Seconds: String(seconds),
    ...processParameters(run.target.hosts.process),
    ExecutionSeconds: String(seconds + endSeconds),
  };
  await onEachHost(context, async (instanceId) => {
    const Upload = await form(`runs/${run.runId}/hosts/${instanceId}/`, seconds + endSeconds);
    await io.hosts.start(samplerDocument, instanceId, { ...common, Upload });
  });
  await runs.mark(run.runId, 'sampling', clock.now());
}

/**
 * Ends it on every host, its last slice uploaded, and tells of a sampler that ended otherwise than well. Called again it
 * ends those that did not.
 */
export async function stopSampling(context: RunContext): Promise<void> {
  const { run, runs, io, clock } = context;
  if (!(await runs.isMarked(run.runId, 'sampling')) || (await runs.isMarked(run.runId, 'sampled'))) return;
  const isEverywhere = await onEachHost(context, async (instanceId) => {
    const parameters = { RunId: run.runId, Fault: 'sampler', ExecutionSeconds: String(endSeconds) };
    await io.hosts.run('Faultline-Revert', instanceId, parameters, { executionSeconds: endSeconds });
    const end = await endOf(context, instanceId);
    if (!end?.isOver)
      throw new Error(`SSM does not say how ${samplerDocument} ended: ${end?.status ?? 'no such command'}`);
    if (end.status !== 'Success') throw new Error(`${samplerDocument} ended ${end.status}: ${end.words}`);
  });
  if (isEverywhere) await runs.mark(run.runId, 'sampled', clock.now());
}

/** The process has ended by now, and SSM is about to hear of it. */
async function endOf({ run, io, clock }: RunContext, instanceId: string): Promise<CommandEnd | null> {
  const until = clock.now() + lookSeconds;
  for (;;) {
    const end = await io.hosts.latest(samplerDocument, instanceId, run.runId);
    if (end?.isOver || clock.now() > until) return end;
    await clock.sleep(pollSeconds);
  }
}

/** Returns whether it was done on all of them; what went wrong is told. */
async function onEachHost(
  { run, runs, clock }: RunContext,
  work: (instanceId: string) => Promise<void>,
): Promise<boolean> {
  const done = await Promise.all(
    run.hosts.map(async ({ instanceId, name }) => {
      try {
        await work(instanceId);
        return true;
      } catch (error) {
        const problem = (error as Error).message;
        await runs.addEvent(run.runId, { at: clock.now(), type: 'host-sampling', detail: { host: name, problem } });
        return false;
      }
    }),
  );
  return done.every(Boolean);
}
