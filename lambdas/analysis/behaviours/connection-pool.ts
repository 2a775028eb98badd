import { count } from '../format.ts';
import { lastOf, longestQueue, poolInUse, poolSize, queueLimit } from '../pool.ts';
import { gauge } from '../samples.ts';
import { comparing, no, partly, unknown, yes } from './behaviour.ts';

/** The pool stays within its size, the queue within its limit, and both are empty of the fault afterwards. */
export const connectionPool = comparing((before, during, facts) => {
  const seen = [...during.samples, ...(facts.after?.samples ?? [])];
  const size = poolSize(seen);
  const inUse = poolInUse(seen)?.max ?? null;
  if (size === null || inUse === null) return unknown('not measured: the application showed no pool metrics');
  const answered = gauge(during.samples, 'poolInUse').length;
  if (answered < during.samples.length / 2) {
    return unknown(`not measured: only ${answered} of ${during.samples.length} samples of the pool were answered`);
  }
  const waiting = longestQueue(seen) ?? 0;
  const limit = queueLimit(seen);
  const usual = longestQueue(before.samples) ?? 0;
  const left = longestQueue(lastOf(facts.after?.samples ?? []));
  const evidence =
    `at most ${count(inUse)} of ${count(size)} connections in use, ${count(waiting)} waiting ` +
    `(${limit === null ? 'no limit of the queue is known' : `limit ${count(limit)}`}), ` +
    (left === null ? 'the queue afterwards was not read' : `${count(left)} waiting at the end`);
  const unbounded = inUse > size || (limit !== null && waiting > limit) || (limit === null && waiting > 2 * size);
  const drained = left !== null && left <= usual + 1;
  if (unbounded || (left !== null && left > usual + size)) return no(evidence);
  return limit !== null && drained ? yes(evidence) : partly(evidence);
});
