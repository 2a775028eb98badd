import { count, percent, plural } from '../format.ts';
import { healthOf } from '../samples.ts';
import { everySecond } from '../sliding.ts';
import { comparing, no, partly, unknown, yes } from './behaviour.ts';

const answeredShare = 0.95;
const longestSilence = 1;
const starved = 3;

/** The application gets to work all the time: every second serves somebody, and the health check is answered. */
export const workerStarvation = comparing((_before, { load, samples }) => {
  if (load.seconds === 0 || samples.length === 0) return unknown('not measured: no whole second of load and probes');
  const seconds = everySecond(load.windows);
  const silence = longestRun(seconds.map((s) => s.requests - s.failures === 0));
  const answered = samples.filter((s) => healthOf(s).status !== null).length;
  const share = answered / samples.length;
  const least = seconds.length ? Math.min(...seconds.map((s) => s.requests - s.failures)) : 0;
  const evidence =
    `${silence === 0 ? `every second served at least ${plural(least, 'request')}` : `${plural(silence, 'second')} in a row served nobody`}; ` +
    `${count(answered)} of ${plural(samples.length, 'health probe')} answered in time (${percent(share)})`;
  if (silence >= starved || share < 0.5) return no(evidence);
  return silence <= longestSilence && share >= answeredShare ? yes(evidence) : partly(evidence);
});

function longestRun(marks: readonly boolean[]): number {
  let [row, longest] = [0, 0];
  for (const mark of marks) {
    row = mark ? row + 1 : 0;
    longest = Math.max(longest, row);
  }
  return longest;
}
