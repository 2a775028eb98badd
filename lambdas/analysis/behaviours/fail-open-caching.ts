import { cacheUse } from '../cache-use.ts';
import { count, percent } from '../format.ts';
import { errorRate } from '../load.ts';
import { comparing, no, partly, unknown, yes } from './behaviour.ts';
import { servedShare } from './served.ts';

const mostErrors = 0.01;
const leastServed = 0.8;

/** Requests succeed while the cache is away: under 1 % errors, and the load is not merely hanging. */
export const failOpenCaching = comparing((before, during) => {
  const { load } = during;
  const share = servedShare(before.load, load);
  if (share === null) return unknown('not measured: no successful requests in the baseline to compare with');
  const rate = errorRate(load);
  const { hitRate } = cacheUse(during);
  const evidence =
    `error rate ${rate === null ? 'not stated (no request ended)' : `${percent(rate)} of ${count(load.requests)} requests`}` +
    `, ${percent(share)} of the usual successful requests a second, cache hit rate ${hitRate === null ? 'not read' : percent(hitRate)}`;
  if (hitRate !== null && hitRate > 0.01) return unknown(`the cache still answered: ${evidence}`);
  if (rate !== null && rate < mostErrors && share >= leastServed) return yes(evidence);
  return rate !== null && rate < 10 * mostErrors && share >= leastServed / 2 ? partly(evidence) : no(evidence);
});
