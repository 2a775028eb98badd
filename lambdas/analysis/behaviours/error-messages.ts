import { count, milliseconds, percent } from '../format.ts';
import { merged, percentileMs } from '../histogram.ts';
import type { PhaseLoad } from '../load.ts';
import { comparing, no, notApplicable, partly, unknown, yes } from './behaviour.ts';

const quickMs = 2000;
const wellFormed = 0.95;
const saysWhen = 0.9;
const stackTrace =
  /^\s+at \S+.*[:(]\d+|Traceback \(most recent call last\)|\bECONN(REFUSED|RESET)\b|\.(ts|js|py|java):\d+/m;

/** Failures during the fault are 503 or 429, quick, say when to retry, and do not leak internals. */
export const errorMessages = comparing((_before, { load }) => {
  if (load.requests === 0) return unknown('no request ended while the fault was held, so no failure was answered');
  if (load.failures === 0) return notApplicable('no request failed during the fault');
  const formed = ((load.byOutcome.http_503 ?? 0) + (load.byOutcome.http_429 ?? 0)) / load.failures;
  const told = Math.min(1, load.retryAfter / load.failures);
  const p95 = percentileMs(merged(load.windows.map((w) => w.failed)), 0.95);
  const leaks = leaking(load);
  const evidence =
    `of ${count(load.failures)} failed requests ${percent(formed)} were 503 or 429, ${percent(told)} said when to retry, ` +
    `p95 of their time ${p95 === null ? 'not stated (too few)' : `${milliseconds(p95)} ms`}` +
    (leaks ? `; ${leaks} of ${load.errorSamples.length} sampled answers leak internals` : '');
  if (formed < 0.5) return no(evidence);
  const good = formed >= wellFormed && told >= saysWhen && (p95 === null || p95 <= quickMs) && leaks === 0;
  return good ? yes(evidence) : partly(evidence);
});

/** Sampled answers of the server that show a stack trace or a low-level error. */
export const leaking = (load: PhaseLoad) =>
  load.errorSamples.filter((e) => e.status > 0 && stackTrace.test(e.text)).length;
