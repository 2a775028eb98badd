import { appMetric, counted, gauge } from '../../../lambdas/analysis/samples.ts';
import type { AppMetric, Sample } from '../../../lambdas/evidence/sample.ts';
import { cloudWatchMetricSchema } from '../../../lambdas/signals/cloudwatch-metric.ts';
import type { KeptSignal } from '../../../lambdas/signals/kept-signals.ts';
import { tooCoarse, withSignals } from '../../../lambdas/signals/with-signals.ts';
import { aSample } from '../support/run.ts';

const kept = (signal: AppMetric, periodSeconds: number, values: [at: number, value: number][]): KeptSignal => ({
  signal,
  metric: cloudWatchMetricSchema.parse({ namespace: 'Shop', name: signal, periodSeconds }),
  problem: null,
  points: values.map(([at, value]) => ({ at, value })),
});

/** Of an application that tells nothing itself. */
const silent = Array.from({ length: 60 }, (_, i): Sample => ({ ...aSample(i), app: { error: 'it has no metrics' } }));

test('a gauge has the value of its period in every second of it, and is not measured where there is none', () => {
  const samples = withSignals(
    silent,
    [
      kept('poolInUse', 10, [
        [0, 3],
        [10, 9],
        [30, 4],
      ]),
    ],
    20,
  );
  expect([0, 9, 10, 19, 20, 29, 30].map((t) => appMetric(samples[t]!, 'poolInUse'))).toEqual([
    3,
    3,
    9,
    9,
    null,
    null,
    4,
  ]);
  expect(gauge(samples, 'poolWaiting')).toEqual([]);
});

test('a counter rises by what was counted in each period, evenly within it', () => {
  const samples = withSignals(
    silent,
    [
      kept('requests', 10, [
        [0, 100],
        [10, 200],
        [20, 0],
        [30, 50],
      ]),
    ],
    20,
  );
  expect([0, 5, 10, 15, 20, 25, 30].map((t) => appMetric(samples[t]!, 'requests'))).toEqual([
    0, 50, 100, 200, 300, 300, 300,
  ]);
  // From the last reading before to the first one after.
  expect(counted(samples, 'requests', { start: 10, end: 20 })).toBe(300 - 90);
});

test('what the application tells itself counts, in every second', () => {
  const [first, ...others] = silent;
  const app = { requests: 7 } as Sample['app'];
  const samples = withSignals([{ ...first!, app }, ...others], [kept('requests', 10, [[0, 100]])], 20);
  expect([0, 1].map((t) => appMetric(samples[t]!, 'requests'))).toEqual([7, null]);
});

test('a metric too coarse for the fault is not taken, and why is said', () => {
  const coarse = [kept('poolInUse', 60, [[0, 3]])];
  expect(appMetric(withSignals(silent, coarse, 119)[0]!, 'poolInUse')).toBeNull();
  expect(appMetric(withSignals(silent, coarse, 120)[0]!, 'poolInUse')).toBe(3);
  expect(tooCoarse(60, 20)).toBe(
    'its period of 60 s is too long for a fault of 20 s, into which 2 of them have to fit',
  );
});
