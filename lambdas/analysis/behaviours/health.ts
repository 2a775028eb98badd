import { clockTime, count, percent, secondsText } from '../format.ts';
import { healthOf, probedAt, samplesIn } from '../samples.ts';
import { type Behaviour, no, partly, unknown, yes } from './behaviour.ts';

const latestFirst503 = 5;
const share503 = 0.9;
/** How many times a probe may get no answer at all before it counts against the target. */
const lostProbes = 1;

/** 503 within 5 s of the fault, in at least 90 % of the probes from then on, and 200 again afterwards. */
export const health503: Behaviour = ({ phases, samples, during, after }) => {
  if (phases.landedAt === null || !during) return unknown('not measured: the fault was not held');
  const landedAt = phases.landedAt;
  const probes = samples.filter((s) => probedAt(s) >= (phases.injectAt ?? landedAt) && probedAt(s) < during.span.end);
  const first = probes.find((s) => healthOf(s).status === 503);
  if (!first) {
    const seen = [...new Set(during.samples.map((s) => healthOf(s).status ?? 'no answer'))].join(', ');
    return no(`no 503 in ${during.samples.length} health probes while the fault was held (seen: ${seen || 'nothing'})`);
  }
  const delay = Math.max(0, probedAt(first) - landedAt);
  const since = samplesIn(during.samples, { start: probedAt(first), end: during.span.end });
  const share = since.length ? since.filter((s) => healthOf(s).status === 503).length / since.length : 0;
  const back = after?.samples.some((s) => healthOf(s).status === 200) ?? false;
  const still = after?.samples.filter((s) => healthOf(s).status !== 200).length ?? 0;
  const evidence =
    `first 503 ${secondsText(delay)} after the fault landed (${clockTime(probedAt(first))}), ` +
    `${percent(share)} of ${since.length} probes from then on were 503` +
    (after
      ? `, ${still === 0 ? 'all 200 again' : `${still} of ${after.samples.length} probes not 200`} afterwards`
      : '');
  if (delay > latestFirst503 || share < share503) return partly(evidence);
  return after && (!back || still > after.samples.length / 2) ? partly(evidence) : yes(evidence);
};

/** The health check answers 200 from the baseline to the end. */
export const healthStaysUp: Behaviour = ({ phases, samples }) => {
  const start = phases.baseline?.start;
  const end = (phases.after ?? phases.fault ?? phases.baseline)?.end;
  if (start === undefined || end === undefined) return unknown('not measured: no baseline');
  const probes = samplesIn(samples, { start, end }).map(healthOf);
  if (probes.length === 0) return unknown('not measured: no health probes');
  const answered = probes.filter((p) => p.status !== null && p.status !== 200);
  const silent = probes.filter((p) => p.status === null).length;
  const good = probes.length - answered.length - silent;
  const evidence = `${count(good)} of ${count(probes.length)} health probes were 200, ${silent} got no answer`;
  if (answered.length === 0 && silent <= lostProbes) return yes(evidence);
  return answered.length > 0.05 * probes.length || silent > 0.05 * probes.length ? no(evidence) : partly(evidence);
};
