import type { Facts } from '../facts.ts';
import { count, durationText, plural, secondsText } from '../format.ts';
import { counted } from '../samples.ts';
import { latestMs, requestLimitMs, timeoutsIn } from '../timeouts.ts';
import { comparing, no, notApplicable, partly, unknown, yes } from './behaviour.ts';

/** From the fault to the end of what was measured: what began in the fault may end after it. */
function sinceFault({ phases, seconds, samples }: Facts) {
  const start = phases.fault!.start;
  const span = { start, end: phases.after?.end ?? phases.recovery?.end ?? phases.fault!.end };
  const windows = seconds.filter((w) => w.t >= Math.floor(start) && w.t < span.end);
  return { span, ...timeoutsIn(windows, samples, span) };
}

/** Every request ends by itself, at the latest at the application's limit: nobody has to give up on it. */
export const timeoutHandling = comparing((_before, _during, facts) => {
  const { span, clients, atLimit, requests, slowestMs } = sinceFault(facts);
  if (slowestMs === null) return no('no request ended from the fault on: nothing limited how long they wait');
  const cut = counted(facts.samples, 'cacheErrors', span);
  const evidence =
    `the slowest of ${plural(requests, 'request')} took ${durationText(slowestMs)} (limit ${requestLimitMs / 1000} s), ` +
    `${count(atLimit)} were ended at the limit, ${count(clients)} given up by their clients` +
    (cut === null ? '' : `; ${plural(cut, 'call')} to the cache cut short or not tried`);
  return clients > 0 || slowestMs > latestMs ? no(evidence) : yes(evidence);
});

/** The limit of a request is seen at work: what waits longer is ended there, and not later. */
export const requestTimeout30s = comparing((_before, _during, facts) => {
  const { span, clients, atLimit, requests, slowestMs, source } = sinceFault(facts);
  if (slowestMs === null) return no(`no request ended in ${secondsText(span.end - span.start)} from the fault on`);
  const evidence =
    `${count(atLimit)} of ${plural(requests, 'request')} were ended at the limit of ${requestLimitMs / 1000} s ` +
    `(${source === 'counter' ? "the application's own count" : 'by their times'}), the slowest took ${durationText(slowestMs)}, ` +
    `${count(clients)} were given up by their clients`;
  if (clients > 0 || slowestMs > latestMs) return no(evidence);
  if (atLimit > 0) return yes(evidence);
  const held = facts.phases.fault!.end - facts.phases.fault!.start;
  return held * 1000 < requestLimitMs
    ? unknown(`not measured: the fault was held for ${secondsText(held)}, too short to see the limit; ${evidence}`)
    : notApplicable(`nothing waited as long as the limit: ${evidence}`);
});

const fewTimeouts = 0.01;

/** No request runs out of time. */
export const timeoutErrors = comparing((_before, during) => {
  const { clients, atLimit, requests, slowestMs } = timeoutsIn(during.load.windows, during.samples, during.span);
  if (requests === 0) return no(`no request ended in ${plural(during.load.seconds, 'second')} of the fault`);
  const all = clients + atLimit;
  const evidence =
    `${count(all)} of ${plural(requests, 'request')} ran out of time (${count(clients)} given up by their clients, ` +
    `${count(atLimit)} ended at the application's limit); the slowest took ${durationText(slowestMs!)}`;
  if (all === 0) return yes(evidence);
  return all < fewTimeouts * requests ? partly(evidence) : no(evidence);
});
