import { clockTime, milliseconds, percent, perSecond } from '../format.ts';
import { type Excursion, firstOutside, type SteadyMetric } from '../steady-state.ts';
import { type Behaviour, no, unknown, yes } from './behaviour.ts';

const names: Record<SteadyMetric, string> = {
  errorRate: 'error rate',
  p50Ms: 'p50 response time',
  p95Ms: 'p95 response time',
  throughput: 'throughput',
};

const show = (metric: SteadyMetric, value: number): string =>
  metric === 'errorRate'
    ? percent(value)
    : metric === 'throughput'
      ? `${perSecond(value)} requests/s`
      : `${milliseconds(value)} ms`;

export const describeExcursion = (e: Excursion): string =>
  `${names[e.metric]} left its band at ${clockTime(e.at)}: ${show(e.metric, e.value)} over 5 s, the limit is ${show(e.metric, e.limit)}`;

/** No metric leaves its steady-state band between the baseline and the end. */
export const noDeviation: Behaviour = ({ band, seconds, unsteady, phases }) => {
  if (!band) return unknown(`not measured: ${unsteady}`);
  const end = (phases.after ?? phases.fault)?.end;
  if (end === undefined) return unknown('not measured: the run ended in its baseline');
  const from = Math.ceil(phases.baseline!.end);
  const excursion = firstOutside(seconds, band, from, Math.floor(end));
  return excursion
    ? no(describeExcursion(excursion))
    : yes(`error rate, p50, p95 and throughput stayed in their bands for ${Math.floor(end) - from} s`);
};
