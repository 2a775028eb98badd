import { count, percent, plural } from '../format.ts';
import { counted, gauge } from '../samples.ts';
import { everySecond, slide } from '../sliding.ts';
import { comparing, no, partly, unknown, yes } from './behaviour.ts';

/** The failure rate at which Resilience4j's circuit breaker opens by default. */
const failing = 0.5;
const windowSeconds = 5;
const minRequests = 10;
const open = 2;

/** Closed while calls succeed, open while they fail, closed again afterwards. */
export const circuitBreaker = comparing((_before, during, facts) => {
  const states = gauge(during.samples, 'breakerState');
  if (states.length === 0) return unknown('not measured: the application showed no state of a circuit breaker');
  const opened = states.filter((s) => s === open).length;
  const { load } = during;
  const worst = worstFailureRate(load.windows);
  const shed = counted(facts.samples, 'shed', during.span);
  const last = gauge(facts.after?.samples ?? [], 'breakerState').at(-1);
  const evidence =
    `open in ${opened} of ${plural(states.length, 'sample')}, ` +
    `${last === undefined ? 'not read afterwards' : last === open ? 'still open afterwards' : 'closed afterwards'}; ` +
    `${count(load.failures)} of ${plural(load.requests, 'request')} failed` +
    (worst === null ? '' : ` (at most ${percent(worst)} over ${windowSeconds} s)`) +
    (shed === null ? '' : `, ${count(shed)} of them refused without a try`);
  if (opened === 0) return worst !== null && worst >= failing ? no(`never opened: ${evidence}`) : yes(evidence);
  if (last === open) return no(evidence);
  const retries = counted(facts.samples, 'databaseRetries', during.span);
  if (load.failures === 0 && !retries) return no(`opened although no call failed: ${evidence}`);
  return last === undefined ? partly(evidence) : yes(evidence);
});

function worstFailureRate(windows: Parameters<typeof everySecond>[0]): number | null {
  const rates = slide(everySecond(windows), windowSeconds, minRequests).flatMap((w) => w.errorRate ?? []);
  return rates.length ? Math.max(...rates) : null;
}
