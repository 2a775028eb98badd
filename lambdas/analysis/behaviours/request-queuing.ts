import { count, percent } from '../format.ts';
import { inFlight } from '../load.ts';
import { longestQueue, poolSize, queueLimit } from '../pool.ts';
import { comparing, no, partly, unknown, yes } from './behaviour.ts';

const half = 0.5;
const nearlyAll = 0.9;

/** Requests wait, but not everybody's: neither in the application's own queue nor in front of it. */
export const requestQueuing = comparing((before, during, facts) => {
  const { users } = facts.evidence.run.load;
  const [usual, now] = [inFlight(before.load), inFlight(during.load)];
  if (usual === null || now === null) return unknown('not measured: no whole second of load');
  if (during.load.requests === 0) return no(`no request ended: all ${count(users)} users wait`);
  const longest = longestQueue(during.samples);
  const limit = queueLimit(during.samples);
  const queue =
    longest === null
      ? "the application's queue was not read"
      : `at most ${count(longest)} in the application's queue (${limit === null ? 'no limit' : `limit ${count(limit)}`})`;
  const share = Math.min(1, now / users);
  const evidence = `${now.toFixed(1)} requests in flight on average (${percent(share)} of ${count(users)} users; ${usual.toFixed(1)} before), ${queue}`;
  const unbounded =
    longest !== null && (limit === null ? longest > 2 * (poolSize(during.samples) ?? longest) : longest > limit);
  if (unbounded || share >= nearlyAll) return no(evidence);
  return share < half && longest !== null ? yes(evidence) : partly(evidence);
});
