import { firstBackInside, isUnsteady, steadyBand } from '../analysis/steady-state.ts';
import type { SliceResult } from '../aws/step.ts';
import { type Run, waitLimits } from '../runs/run.ts';
import type { RunContext } from '../runs/run-context.ts';
import type { RunsClient } from '../runs/runs.client.ts';
import { guard } from '../safety/guard.ts';

export const watchedPhases = ['load', 'baseline', 'fault', 'recovery', 'after'] as const;
export type WatchedPhase = (typeof watchedPhases)[number];

const sliceSeconds = 50;
/** From the request for the load's tasks on: the phase begins with it. */
const loadLimitSeconds = waitLimits.startLoad + waitLimits.spawn;

/**
 * Looks once a second, for the length of one slice, at what ends a phase: a request to stop, the safety lever, a stop
 * condition, or the phase's own end. Every phase is watched by this one function; only what `phaseEnd` looks for differs.
 * @param eachSecond what else is to be done then; it must not make the watch wait
 */
export async function watch(
  context: RunContext,
  phase: WatchedPhase,
  eachSecond: () => void = () => {},
): Promise<SliceResult> {
  const { runs, clock, run } = context;
  const { startedAt } = await runs.enterPhase(run.runId, phase, clock.now(), phaseSeconds(run, phase));
  const until = clock.now() + sliceSeconds;
  const stopReason = guard(context);
  while (clock.now() < until) {
    const stop = await stopReason();
    if (stop) return { status: 'stop', reason: stop };
    const end = await phaseEnd(context, phase, startedAt);
    if (end) return end;
    eachSecond();
    await clock.sleep(1 - (clock.now() % 1));
  }
  return { status: 'continue' };
}

function phaseSeconds(run: Run, phase: WatchedPhase): number {
  if (phase === 'load') return loadLimitSeconds;
  return phase === 'recovery' ? run.seconds.recoveryLimit : run.seconds[phase];
}

async function phaseEnd(context: RunContext, phase: WatchedPhase, startedAt: number): Promise<SliceResult | null> {
  const { run, clock } = context;
  const elapsed = clock.now() - startedAt >= phaseSeconds(run, phase);
  switch (phase) {
    case 'load':
      if (await allSpawned(context)) return { status: 'done' };
      return elapsed
        ? { status: 'stop', reason: `not all users and workers were ready within ${loadLimitSeconds} s` }
        : null;
    case 'baseline':
      return elapsed ? judgeBaseline(context, startedAt) : null;
    case 'recovery':
      return elapsed || (await recovered(context, startedAt)) ? { status: 'done' } : null;
    default:
      return elapsed ? { status: 'done' } : null;
  }
}

/** Every worker reports and every user is spawned, in the latest window. */
async function allSpawned({ runs, run, clock }: RunContext): Promise<boolean> {
  const latest = (await runs.windows(run.runId, clock.now() - 15)).at(-1);
  return latest !== undefined && latest.users >= run.load.users && latest.workers >= run.load.workers;
}

/** No fault on a target that is not in steady state: `stop` with what is wrong. */
async function judgeBaseline(context: RunContext, startedAt: number): Promise<SliceResult> {
  const { runs, run, clock } = context;
  const [windows, samples] = await Promise.all([
    runs.windows(run.runId, startedAt),
    runs.samples(run.runId, startedAt),
  ]);
  const health = samples.map((s) => ({ t: s.t, status: 'status' in s.health ? s.health.status : null }));
  const band = steadyBand(windows, health);
  const problem = isUnsteady(band)
    ? band.unsteady
    : samples.length === 0
      ? 'the observer saw nothing in the baseline'
      : null;
  await runs.addEvent(run.runId, {
    at: clock.now(),
    type: 'steady-state',
    detail: problem ? { reached: false, detail: problem } : { reached: true, band },
  });
  return problem ? { status: 'stop', reason: `not in steady state: ${problem}` } : { status: 'done' };
}

/** Back in the baseline's band; the band is computed anew from the baseline's windows, which do not change any more. */
async function recovered({ runs, run, clock }: RunContext, startedAt: number): Promise<boolean> {
  const [from, to] = await baselineSpan(runs, run.runId);
  const windows = await runs.windows(run.runId, from);
  const band = steadyBand(windows.filter((w) => w.t >= from && w.t + 1 <= to));
  if (isUnsteady(band)) return false;
  const back = firstBackInside(windows, band, Math.floor(startedAt));
  if (!back) return false;
  await runs.addEvent(run.runId, { at: clock.now(), type: 'recovered', detail: { at: back.at } });
  return true;
}

/** The baseline phase: from its own start to the start of the phase that came next. */
async function baselineSpan(runs: RunsClient, runId: string): Promise<[from: number, to: number]> {
  const phases = (await runs.events(runId)).filter((e) => e.type === 'phase');
  const index = phases.findIndex((e) => e.detail.phase === 'baseline');
  const [baseline, next] = [phases[index], phases[index + 1]];
  if (!baseline || !next) throw new Error(`run ${runId} has no complete baseline`);
  return [baseline.at, next.at];
}
