import { count, percent, plural } from '../format.ts';
import { sum } from '../robust.ts';
import { comparing, no, partly, yes } from './behaviour.ts';
import { leaking } from './error-messages.ts';

/** The longest that keeps a user's attention (Nielsen, Usability Engineering, 1993). */
const attentionSeconds = 10;
const nearlyAll = 0.99;
const most = 0.9;
const half = 0.5;

/** Every user hears something in time: the answer, or a failure that says when to try again. */
export const userFeedback = comparing((_before, { load }) => {
  if (load.requests === 0) return no(`nobody heard anything: no request ended in ${plural(load.seconds, 'second')}`);
  const ok = load.requests - load.failures;
  const told = Math.min(load.failures, load.retryAfter);
  const informed = (ok + told) / load.requests;
  const inTime =
    sum(load.windows.flatMap((w) => w.all).map(([us, n]) => (us <= attentionSeconds * 1e6 ? n : 0))) / load.requests;
  const leaks = leaking(load);
  const evidence =
    `${percent(informed)} of ${plural(load.requests, 'request')} were served or told when to try again ` +
    `(${count(load.failures)} failed, ${count(told)} of them with a time), ${percent(inTime)} were answered within ${attentionSeconds} s` +
    (leaks ? `; ${leaks} of ${load.errorSamples.length} sampled answers leak internals` : '');
  if (informed < most || inTime < half) return no(evidence);
  return informed >= nearlyAll && inTime >= most && leaks === 0 ? yes(evidence) : partly(evidence);
});
