import type { Sample } from '../../evidence/sample.ts';
import { count } from '../format.ts';
import { gauge } from '../samples.ts';
import { comparing, no, partly, unknown, yes } from './behaviour.ts';

const most = (values: readonly number[]) => (values.length ? Math.max(...values) : null);

/** The queue in front of the pool; where there is no such gauge, the requests that wait for a connection. */
function queued(samples: readonly Sample[]): number[] {
  const lengths = gauge(samples, 'queueLength');
  return lengths.length ? lengths : gauge(samples, 'poolWaiting');
}

/** The pool stays within its size, the queue within its limit, and both are empty of the fault afterwards. */
export const connectionPool = comparing((before, during, facts) => {
  const seen = [...during.samples, ...(facts.after?.samples ?? [])];
  const size = most(gauge(seen, 'poolSize'));
  const inUse = most(gauge(seen, 'poolInUse'));
  if (size === null || inUse === null) return unknown('not measured: the application showed no pool metrics');
  const answered = gauge(during.samples, 'poolInUse').length;
  if (answered < during.samples.length / 2) {
    return unknown(`not measured: only ${answered} of ${during.samples.length} samples of the pool were answered`);
  }
  const waiting = most(queued(seen)) ?? 0;
  const limit = most(gauge(seen, 'queueLimit'));
  const usual = most(queued(before.samples)) ?? 0;
  const last = facts.after?.samples.slice(-3) ?? [];
  const left = most(queued(last));
  const evidence =
    `at most ${count(inUse)} of ${count(size)} connections in use, ${count(waiting)} waiting ` +
    `(${limit === null ? 'no limit of the queue is known' : `limit ${count(limit)}`}), ` +
    (left === null ? 'the queue afterwards was not read' : `${count(left)} waiting at the end`);
  const unbounded = inUse > size || (limit !== null && waiting > limit) || (limit === null && waiting > 2 * size);
  const drained = left !== null && left <= usual + 1;
  if (unbounded || (left !== null && left > usual + size)) return no(evidence);
  return limit !== null && drained ? yes(evidence) : partly(evidence);
});
