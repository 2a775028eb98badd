import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { HostSample } from '../../../lambdas/evidence/host-sample.ts';
import type { Sample } from '../../../lambdas/evidence/sample.ts';
import { liveMetrics } from '../../../lambdas/watch/live-metrics.ts';
import { LivePublisher } from '../../../lambdas/watch/live-publisher.ts';
import { fakeClock } from '../support/clock.ts';
import { contextOf } from '../support/context.ts';
import { aRun, aSample, aWindow, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

const at = (data: readonly MetricDatum[], t: number) =>
  Object.fromEntries(data.filter((d) => d.Timestamp!.getTime() === t * 1000).map((d) => [d.MetricName, d.Value]));

const app = (changes: object) =>
  ({ poolInUse: null, poolWaiting: null, queueLength: null, ...changes }) as Sample['app'];
const hostAt = (t: number, busy: number, availableKb: number) =>
  ({ at: t, host: 'i-1', cpu: { busy }, memory: { totalKb: 1000, availableKb } }) as unknown as HostSample;

describe('live metrics', () => {
  test('are what was seen in each second, for the target alone, and kept by the second', () => {
    const data = liveMetrics('shop', {
      windows: [aWindow(start, { requests: 80, failures: 20, p50Ms: 4, p95Ms: 9, p99Ms: null, users: 100 })],
      samples: [
        aSample(start - 1, { app: app({ cacheHits: 10, cacheMisses: 10 }) }),
        aSample(start, {
          health: { status: 503, ms: 2 },
          app: app({ cacheHits: 40, cacheMisses: 20, poolInUse: 7, poolWaiting: 2, queueLength: null }),
        }),
      ],
      hosts: [hostAt(start + 0.2, 0.5, 250), hostAt(start + 0.9, 0.75, 500)],
    });
    expect(at(data, start)).toEqual({
      RequestRate: 80,
      ErrorRate: 25,
      ResponseTimeP50: 4,
      ResponseTimeP95: 9,
      Users: 100,
      Healthy: 0,
      PoolInUse: 7,
      PoolWaiting: 2,
      CacheHitRate: 75,
      HostCpu: 75,
      HostMemory: 75,
    });
    for (const d of data) {
      expect(d.Dimensions).toEqual([{ Name: 'Target', Value: 'shop' }]);
      expect(d.StorageResolution).toBe(1);
    }
  });

  test('say nothing of what was not seen', () => {
    const silent = aSample(start, { health: { error: 'timed out' }, app: { error: 'refused' } });
    const restarted = [
      { cacheHits: 900, cacheMisses: 10 },
      { cacheHits: 1, cacheMisses: 1 },
    ];
    const samples = restarted.map((c, i) => aSample(start + 1 + i, { app: app(c) }));
    const data = liveMetrics('shop', {
      windows: [aWindow(start, { requests: 0, failures: 0, p50Ms: null, p95Ms: null, p99Ms: null, users: 3 })],
      samples: [silent, ...samples],
      hosts: [],
    });
    expect(at(data, start)).toEqual({ RequestRate: 0, Users: 3, Healthy: 0 });
    expect(at(data, start + 2)).not.toHaveProperty('CacheHitRate');
  });
});

describe('the live publisher', () => {
  let store: Store;
  beforeAll(async () => {
    store = await startStore();
  }, 40_000);
  afterAll(() => store.stop());

  async function aLiveRun() {
    const run = aRun({ hosts: [{ instanceId: 'i-1', name: 'app', address: '198.18.0.9' }] });
    await store.runs.create(run);
    const clock = fakeClock(start);
    const context = await contextOf(store, run, { clock });
    const window = async (t: number) => {
      const Item = { pk: `run#${run.runId}`, sk: `window#${t}`, data: aWindow(t), expiresAt: t + 60 };
      await store.dynamo.send(new PutCommand({ TableName: store.table, Item }));
    };
    return { run, clock, context, window };
  }

  test('publishes each second that is complete, every five seconds, with the phase', async () => {
    const { clock, context, window } = await aLiveRun();
    const puts: MetricDatum[][] = [];
    const live = new LivePublisher(context, 'fault', {
      put: async (data) => void puts.push(data),
      failed: (error) => {
        throw error;
      },
    });
    for (let t = start - 10; t < start; t++) await window(t);
    for (let s = 0; s < 10; s++) {
      clock.set(start + s);
      await window(start + s);
      live.tick();
      await live.end();
    }
    expect(puts).toHaveLength(2);
    const seconds = puts.map((data) =>
      data.filter((d) => d.MetricName === 'RequestRate').map((d) => d.Timestamp!.getTime() / 1000 - start),
    );
    expect(seconds).toEqual([
      [-10, -9, -8, -7, -6, -5, -4, -3, -2],
      [-1, 0, 1, 2, 3],
    ]);
    for (const data of puts) expect(data.find((d) => d.MetricName === 'Phase')?.Value).toBe(4);
  });

  test('has the figures of the hosts, as they were uploaded', async () => {
    const { run, context } = await aLiveRun();
    const line = {
      at: start - 3,
      host: 'i-1',
      cpu: { busy: 0.9, idle: 0.1, iowait: 0, cores: 2, load1: 1 },
      memory: {
        totalKb: 1000,
        availableKb: 100,
        swapTotalKb: 0,
        swapFreeKb: 0,
        swapInPages: 0,
        swapOutPages: 0,
        oomKills: 0,
      },
      sockets: {},
      disk: { totalBytes: 1, freeBytes: 1 },
      process: null,
    };
    await store.evidence.put(`runs/${run.runId}/hosts/i-1/0.jsonl`, `${JSON.stringify(line)}\n`);
    const puts: MetricDatum[] = [];
    const live = new LivePublisher(context, 'baseline', {
      put: async (d) => void puts.push(...d),
      failed: () => undefined,
    });
    live.tick();
    await live.end();
    expect(at(puts, start - 3)).toMatchObject({ HostCpu: 90, HostMemory: 90 });
  });

  test('a try that fails is told, and makes nobody wait for it', async () => {
    const { clock, context } = await aLiveRun();
    const failures: unknown[] = [];
    let puts = 0;
    const live = new LivePublisher(context, 'baseline', {
      put: async () => {
        puts += 1;
        throw new Error('throttled');
      },
      failed: (error) => void failures.push(error),
    });
    live.tick();
    clock.set(start + 10);
    // One at a time.
    live.tick();
    await live.end();
    expect(puts).toBe(1);
    expect(failures).toEqual([new Error('throttled')]);
  });
});
