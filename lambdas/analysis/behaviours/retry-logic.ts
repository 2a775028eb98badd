import { count, percent, plural } from '../format.ts';
import { counted } from '../samples.ts';
import { comparing, no, partly, unknown, yes } from './behaviour.ts';

/** The retry budget of Google's SRE book ("Handling Overload"): retries are at most a tenth of the requests. */
const budget = 0.1;
/** One retry for every request doubles the load on what is slow already. */
const storm = 1;
const manyFailures = 0.01;

/** What fails is tried again, within a budget that does not add to the trouble. */
export const retryLogic = comparing((_before, { load, span }, facts) => {
  const retries = counted(facts.samples, 'databaseRetries', span);
  if (retries === null) return unknown('not measured: the application showed no count of its retries');
  if (load.requests === 0)
    return no(`no request ended in ${plural(load.seconds, 'second')}, with ${count(retries)} retries`);
  const share = retries / load.requests;
  const evidence =
    `${count(retries)} retries for ${plural(load.requests, 'request')} (${percent(share)}; budget ${percent(budget)}), ` +
    `${count(load.failures)} of which failed`;
  if (share > storm) return no(evidence);
  if (share > budget) return partly(evidence);
  return retries === 0 && load.failures > manyFailures * load.requests
    ? partly(`nothing was tried again: ${evidence}`)
    : yes(evidence);
});
