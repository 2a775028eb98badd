import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { type Signals, signalsSchema } from '../../../lambdas/signals/cloudwatch-metric.ts';
import { keepSignals } from '../../../lambdas/signals/keep-signals.ts';
import { keptSignals, signalsFileName } from '../../../lambdas/signals/kept-signals.ts';
import { MetricsClient } from '../../../lambdas/signals/metrics.client.ts';
import { fakeClock } from '../support/clock.ts';
import { contextOf } from '../support/context.ts';
import { aRun } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';
import { aTarget } from '../support/target.ts';

/** Of a run a while ago, at the beginning of a minute. */
const began = Math.floor(Date.now() / 60_000) * 60 - 600;

let store: Store;
let cloudwatch: CloudWatchClient;
beforeAll(async () => {
  store = await startStore();
  cloudwatch = new CloudWatchClient(store.config);
  const Dimensions = [{ Name: 'Service', Value: 'web' }];
  const data = (MetricName: string, values: [after: number, value: number][]) =>
    values.map(([after, Value]) => ({ MetricName, Dimensions, Timestamp: new Date((began + after) * 1000), Value }));
  await cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: 'Shop',
      MetricData: [
        ...data('PoolInUse', [
          [0, 1],
          [61, 3],
          [100, 5],
          [125, 4],
          [170, 2],
        ]),
        ...data('Requests', [
          [65, 10],
          [66, 20],
          [130, 40],
          [190, 80],
        ]),
      ],
    }),
  );
}, 40_000);
afterAll(async () => {
  cloudwatch.destroy();
  await store.stop();
});

async function keep(
  signals: Signals,
  metrics: Pick<MetricsClient, 'between'>,
  phases: string[] = ['baseline', 'verify'],
) {
  const run = aRun({ target: aTarget({ signals }), createdAt: began });
  await store.runs.create(run);
  const at: Record<string, number> = { baseline: 60, verify: 180 };
  for (const phase of phases) {
    await store.runs.addEvent(run.runId, { at: began + at[phase]!, type: 'phase', detail: { phase } });
  }
  const clock = fakeClock(began + 182);
  const result = await keepSignals(await contextOf(store, run, { clock, target: run.target }), metrics);
  const text = await store.evidence.get(`runs/${run.runId}/${signalsFileName}`).catch(() => null);
  return { ...result, kept: keptSignals(text), waited: clock.now() - began - 182 };
}

const shop = { namespace: 'Shop', dimensions: { Service: 'web' } };
const signals = signalsSchema.parse({
  poolInUse: { ...shop, name: 'PoolInUse' },
  requests: { ...shop, name: 'Requests', statistic: 'Average' },
  queueLength: { ...shop, name: 'Queue' },
});

test("each signal's periods of the run's time are kept, the greatest of a gauge and the sum of a counter", async () => {
  const { kept, points, waited } = await keep(signals, new MetricsClient(cloudwatch));
  const of = (signal: string) => kept.find((k) => k.signal === signal)!;
  expect(of('poolInUse').points).toEqual([
    { at: began + 60, value: 5 },
    { at: began + 120, value: 4 },
  ]);
  expect(of('requests').points).toEqual([
    { at: began + 60, value: 30 },
    { at: began + 120, value: 40 },
  ]);
  expect(of('queueLength')).toMatchObject({
    points: [],
    problem: "CloudWatch has no value of Shop Queue in the run's time",
  });
  expect(points).toBe(4);
  // The last period is over and delivered.
  expect(waited).toBe(60 + 20 - 2);
});

test('one that cannot be read is told of and keeps no other from being kept', async () => {
  const metrics = {
    async between(signal: string) {
      if (signal === 'poolInUse') throw Object.assign(new Error('no right'), { name: 'AccessDenied' });
      return [{ at: began + 60, value: 1 }];
    },
  };
  const { kept } = await keep(signals, metrics);
  expect(kept.map(({ signal, problem }) => [signal, problem])).toEqual([
    ['poolInUse', 'AccessDenied: no right'],
    ['requests', null],
    ['queueLength', null],
  ]);
});

test('a run that did not come to its baseline has none, and a target without such signals no file', async () => {
  const never = { between: () => Promise.reject(new Error('asked')) };
  const { kept, waited } = await keep(signals, never, []);
  expect(kept.map(({ problem }) => problem)).toEqual(Array(3).fill('the run did not come to its baseline'));
  expect(waited).toBe(0);
  expect(await keep({}, never)).toMatchObject({ points: 0, kept: [], waited: 0 });
});
