import { count, secondsText } from '../format.ts';
import { lastOf, poolInUse, poolSize } from '../pool.ts';
import { appMetric, probedAt, samplesIn } from '../samples.ts';
import { comparing, no, partly, unknown, yes } from './behaviour.ts';

const full = 0.9;

/** Connections that the fault held return to the pool when it ends, and none waits for a lock any more. */
export const connectionRelease = comparing((before, during, facts) => {
  const size = poolSize(during.samples);
  const usual = poolInUse(before.samples);
  const held = poolInUse(during.samples);
  if (!size || !usual || !held) return unknown('not measured: the application showed no pool metrics');
  const left = poolInUse(lastOf(facts.after?.samples ?? []));
  if (!left) return unknown('not measured: the pool was not read after the recovery');
  const locked = facts.after!.samples.flatMap((s) => ('error' in s.database ? [] : [s.database.waitingOnLock])).at(-1);
  const released = releasedAfter(facts, usual.max);
  const evidence =
    `at most ${count(held.max)} of ${count(size)} connections in use during the fault, ${count(left.max)} at the end ` +
    `(${count(usual.max)} before)${released === null ? '' : `, released within ${secondsText(released)} of the revert`}, ` +
    `${locked === undefined ? 'locks not read' : `${count(locked)} backends waiting for a lock`} afterwards`;
  if (left.max >= full * size && usual.max < full * size) return no(evidence);
  return left.max <= usual.max + 1 && !locked ? yes(evidence) : partly(evidence);
});

/** The first sample since the revert with no more in use than before the fault. */
function releasedAfter(
  { phases, samples }: Parameters<Parameters<typeof comparing>[0]>[2],
  usual: number,
): number | null {
  const revert = phases.revert?.earliest;
  const end = phases.after?.end;
  if (revert === undefined || end === undefined) return null;
  const free = samplesIn(samples, { start: revert, end }).find((s) => {
    const inUse = appMetric(s, 'poolInUse');
    return inUse !== null && inUse <= usual;
  });
  return free ? probedAt(free) - revert : null;
}
