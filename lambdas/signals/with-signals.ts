import { type AppMetric, appMetrics, type Sample } from '../evidence/sample.ts';
import { isCounter } from './cloudwatch-metric.ts';
import type { KeptSignal, Point } from './kept-signals.ts';

/** Periods that have to fit into the fault, so that one of them at least knows nothing of what was before and after. */
const periodsInFault = 2;

/**
 * Why a metric of this period tells nothing of a fault that is held for so long, or null: most of its values would be
 * made of what was within the fault and of what was not.
 */
export const tooCoarse = (periodSeconds: number, faultSeconds: number): string | null =>
  periodSeconds * periodsInFault <= faultSeconds
    ? null
    : `its period of ${periodSeconds} s is too long for a fault of ${faultSeconds} s, into which ${periodsInFault} of them have to fit`;

/**
 * The samples with the signals that came from CloudWatch and that the application's own metrics do not have. A gauge has
 * its period's value in every second of it. A counter rises evenly through its period. Seconds of which CloudWatch has
 * nothing are not measured.
 */
export function withSignals(
  samples: readonly Sample[],
  signals: readonly KeptSignal[],
  faultSeconds: number,
): Sample[] {
  const usable = signals.filter(
    ({ signal, metric, points }) =>
      points.length > 0 &&
      tooCoarse(metric.periodSeconds, faultSeconds) === null &&
      samples.every((sample) => toldByItself(sample, signal) === null),
  );
  if (usable.length === 0) return [...samples];
  const readers = usable.map(({ signal, metric, points }) => ({
    signal,
    read: (isCounter(signal) ? counter : gauge)(points, metric.periodSeconds),
  }));
  return samples.map((sample) => {
    const known = 'error' in sample.app ? nothing : sample.app;
    return {
      ...sample,
      app: { ...known, ...Object.fromEntries(readers.map(({ signal, read }) => [signal, read(sample.t)])) },
    };
  });
}

type App = Exclude<Sample['app'], { error: string }>;
const nothing = Object.fromEntries(appMetrics.map((signal: AppMetric) => [signal, null])) as App;

const toldByItself = ({ app }: Sample, signal: AppMetric) => ('error' in app ? null : app[signal]);

type Read = (t: number) => number | null;

function gauge(points: readonly Point[], period: number): Read {
  const byStart = new Map(points.map(({ at, value }) => [at, value]));
  return (t) => byStart.get(startOf(t, period)) ?? null;
}

/** What was counted since the first period; in a period of which there is nothing, nothing is known. */
function counter(points: readonly Point[], period: number): Read {
  const byStart = new Map<number, { before: number; value: number }>();
  let before = 0;
  for (const { at, value } of points) {
    byStart.set(at, { before, value });
    before += value;
  }
  return (t) => {
    const start = startOf(t, period);
    const known = byStart.get(start);
    return known ? known.before + (known.value * (t - start)) / period : null;
  };
}

const startOf = (t: number, period: number) => Math.floor(t / period) * period;
