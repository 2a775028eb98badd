import { count } from '../format.ts';
import type { LoadSecond } from '../load.ts';
import { comparing, no, partly, unknown, yes } from './behaviour.ts';

const loggedOut = (seconds: readonly LoadSecond[]) =>
  seconds.flatMap((w) => w.errorSamples).filter((e) => e.status === 401).length;

/** Sessions from before the fault are still there, and nobody was logged out while it lasted. */
export const sessionStorage = comparing((before, during, facts) => {
  const loss = facts.losses.sessions;
  if (loss.notMeasured !== null) return unknown(`not measured: ${loss.notMeasured}`);
  const faultAt = facts.phases.landedAt ?? during.span.start;
  const earlier = <T extends { ack: number | null }>(writes: readonly T[]) =>
    writes.filter((w) => w.ack !== null && w.ack <= faultAt);
  const sessions = earlier(loss.acked).length;
  if (sessions === 0) return unknown('not measured: no session was acknowledged before the fault');
  const lost = earlier(loss.lost).length;
  const unreadable = earlier(loss.unreadable).length;
  const end = facts.after?.span.end ?? during.span.end;
  const unauthorised = loggedOut(facts.seconds.filter((w) => w.t >= faultAt && w.t < end));
  const evidence =
    `${count(sessions - lost - unreadable)} of ${count(sessions)} sessions from before the fault are still valid, ` +
    `${count(lost)} lost, ${count(unreadable)} unreadable, ${count(unauthorised)} of the sampled failures were 401`;
  if (lost > 0 || unauthorised > loggedOut(before.load.windows)) return no(evidence);
  return unreadable > 0 ? partly(evidence) : yes(evidence);
});
