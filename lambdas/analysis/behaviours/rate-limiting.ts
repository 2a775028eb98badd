import { increase } from '../counters.ts';
import type { ColumnFacts } from '../facts.ts';
import { count, percent } from '../format.ts';
import { errorRate } from '../load.ts';
import { appMetric, probedAt } from '../samples.ts';
import { comparing, no, notApplicable, partly, unknown, yes } from './behaviour.ts';

const mostRefused = 0.01;

/** Requests are still admitted while the limiter's store is away, and the limiter counts how it decided. */
export const rateLimiting = comparing((before, during) => {
  const of = (metric: 'rateLimitAllowed' | 'rateLimitDenied' | 'rateLimitFallback') => counted(during, metric);
  const [allowed, denied, fallback] = [of('rateLimitAllowed'), of('rateLimitDenied'), of('rateLimitFallback')];
  if (allowed === null || denied === null) {
    return counted(before, 'rateLimitAllowed') === null
      ? notApplicable('the application shows no rate limiter')
      : unknown('not measured: the limiter showed no counters during the fault');
  }
  const decided = allowed + denied;
  const rate = errorRate(during.load);
  const evidence =
    `${count(allowed)} admitted, ${count(denied)} refused, ` +
    `${fallback === null ? 'decisions without the store not counted' : `${count(fallback)} decided without the store`}` +
    `, ${count(during.load.byOutcome.http_429 ?? 0)} answers of 429, error rate ${rate === null ? 'not stated' : percent(rate)}`;
  if (decided === 0) return no(`no request was decided on: ${evidence}`);
  const refused = denied / decided - refusedBefore(before);
  // A limiter that fails with its store admits nothing: those requests end as errors, not as refusals.
  if (refused > 0.1 || (rate !== null && rate >= 0.1)) return no(evidence);
  return refused <= mostRefused && (fallback ?? 0) > 0 ? yes(evidence) : partly(evidence);
});

function refusedBefore(before: ColumnFacts): number {
  const allowed = counted(before, 'rateLimitAllowed') ?? 0;
  const denied = counted(before, 'rateLimitDenied') ?? 0;
  return allowed + denied > 0 ? denied / (allowed + denied) : 0;
}

const counted = ({ samples }: ColumnFacts, metric: 'rateLimitAllowed' | 'rateLimitDenied' | 'rateLimitFallback') =>
  increase(samples.map((s) => ({ at: probedAt(s), value: appMetric(s, metric) })))?.total ?? null;
