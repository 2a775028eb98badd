import { count } from '../format.ts';
import { lastOf, longestQueue, poolSize, queueLimit } from '../pool.ts';
import { counted } from '../samples.ts';
import { comparing, no, partly, unknown, yes } from './behaviour.ts';

/** From here on a queue is as good as full, and must be shedding. */
const full = 0.95;

/** The queue has a limit, keeps it, refuses what does not fit, and is empty of the fault afterwards. */
export const queueBuildup = comparing((before, during, facts) => {
  const seen = [...during.samples, ...(facts.after?.samples ?? [])];
  const longest = longestQueue(seen);
  if (longest === null) return unknown('not measured: the application showed no queue');
  const limit = queueLimit(seen);
  const usual = longestQueue(before.samples) ?? 0;
  const shed = counted(facts.samples, 'shed', during.span);
  const left = longestQueue(lastOf(facts.after?.samples ?? []));
  const size = poolSize(seen) ?? 0;
  const evidence =
    `at most ${count(longest)} waiting (${limit === null ? 'no limit' : `limit ${count(limit)}`}; ${count(usual)} before), ` +
    `${shed === null ? 'refusals not counted' : `${count(shed)} refused`}, ` +
    `${left === null ? 'not read afterwards' : `${count(left)} at the end`}`;
  if (limit === null ? longest > usual + 2 * size : longest > limit) return no(evidence);
  if (left !== null && left > usual + Math.max(size, 1)) return no(`not drained: ${evidence}`);
  const sheds = limit === null || longest < full * limit || (shed ?? 0) > 0;
  return limit !== null && sheds && left !== null ? yes(evidence) : partly(evidence);
});
