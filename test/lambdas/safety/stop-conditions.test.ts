import type { AlarmsClient } from '../../../lambdas/safety/alarms.client.ts';
import { safetySchema, stopConditionsSchema } from '../../../lambdas/safety/safety-limits.ts';
import { brokenLimit, stopConditions } from '../../../lambdas/safety/stop-conditions.ts';
import { fakeClock } from '../support/clock.ts';
import { contextOf } from '../support/context.ts';
import { aRun, aWindow, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';
import { aTarget } from '../support/target.ts';

describe('a limit', () => {
  const limits = (input: unknown) => stopConditionsSchema.parse(input);
  const errors = limits({ errorRate: { percent: 5, seconds: 4 } });
  const slow = limits({ p95: { ms: 200, seconds: 3 } });
  const windows = (...failures: number[]) => failures.map((n, i) => aWindow(start + i, { failures: n }));
  const p95s = (...ms: (number | null)[]) => ms.map((p95Ms, i) => aWindow(start + i, { p95Ms }));

  test('of the error rate is judged over all requests of its seconds', () => {
    expect(brokenLimit(errors, windows(0, 6, 6, 6, 6))).toMatch('error rate 6.0 % over 4 s is above its limit of 5 %');
    expect(brokenLimit(errors, windows(100, 5, 5, 5, 5))).toBeNull();
    expect(brokenLimit(errors, windows(0, 0, 0, 24))).toMatch('error rate 6.0 %');
  });

  test('is not judged on too few seconds, or with more than a fifth of them missing', () => {
    expect(brokenLimit(errors, windows(100, 100, 100))).toBeNull();
    expect(
      brokenLimit(
        errors,
        windows(100, 100, 100, 100, 100).filter((_, i) => i !== 3),
      ),
    ).toBeNull();
    const ten = limits({ errorRate: { percent: 5, seconds: 10 } });
    const most = windows(...Array<number>(11).fill(100)).filter((_, i) => i !== 3 && i !== 7);
    expect(brokenLimit(ten, most)).toMatch('error rate 100.0 %');
  });

  test('is broken when nothing is completed any more: no answer is worse than a slow one', () => {
    const silent = windows(0, 0, 0, 0, 0).map((w) => ({ ...w, requests: 0, p95Ms: null }));
    expect(brokenLimit(errors, silent)).toBe('no request was completed for 4 s');
    expect(brokenLimit(slow, silent)).toBe('no request was completed for 3 s');
  });

  test('of p95 has to be broken in every one of its seconds', () => {
    expect(brokenLimit(slow, p95s(1, 201, 300, 250))).toMatch('p95 was above its limit of 200 ms for 3 s');
    expect(brokenLimit(slow, p95s(300, 300, 199, 300))).toBeNull();
    // A second in which nothing was completed says nothing against it.
    expect(brokenLimit(slow, p95s(300, 300, null))).toMatch('p95 was above its limit');
  });

  test('that nobody set is never broken', () => {
    expect(
      brokenLimit(
        limits({}),
        windows(100, 100, 100, 100).map((w) => ({ ...w, p95Ms: 60_000 })),
      ),
    ).toBeNull();
  });
});

describe('during a run', () => {
  let store: Store;
  beforeAll(async () => {
    store = await startStore();
  }, 40_000);
  afterAll(() => store.stop());

  async function aGuardedRun(stop: unknown, { alarming = [] as string[], excludedWindows = [] as unknown[] } = {}) {
    const run = aRun();
    await store.runs.create(run);
    const clock = fakeClock(start + 30);
    const asked: number[] = [];
    const alarms = {
      alarming: async (names: string[]) => {
        asked.push(clock.now());
        return names.filter((name) => alarming.includes(name));
      },
    } as unknown as AlarmsClient;
    const target = aTarget({ safety: safetySchema.parse({ stopConditions: stop, excludedWindows }) });
    const context = await contextOf(store, run, { clock, target, alarms });
    return { run, clock, asked, alarming, check: stopConditions(context) };
  }

  const stopOf = async (runId: string) => (await store.runs.get(runId)).stopRequested;

  test('nothing is a reason where nothing is configured', async () => {
    const { run, check } = await aGuardedRun({});
    expect(await check()).toBeNull();
    expect(await stopOf(run.runId)).toBeNull();
  });

  test('an alarm that goes off is, and is kept as the request to stop; alarms are read every few seconds', async () => {
    const { run, clock, asked, alarming, check } = await aGuardedRun({ alarms: ['checkout-errors', 'latency'] });
    for (let second = 0; second < 10; second++) {
      expect(await check()).toBeNull();
      await clock.sleep(1);
    }
    expect(asked).toEqual([start + 30, start + 35]);
    alarming.push('latency');
    expect(await check()).toBe('CloudWatch alarm latency is in ALARM');
    expect(await stopOf(run.runId)).toEqual({
      reason: 'CloudWatch alarm latency is in ALARM',
      by: 'a stop condition',
      at: start + 40,
    });
  });

  test('so is the maximum duration, from the start of the run', async () => {
    const { clock, check } = await aGuardedRun({ maximumSeconds: 60 });
    clock.set(start + 59.9);
    expect(await check()).toBeNull();
    clock.set(start + 60);
    expect(await check()).toBe('it has run for the maximum of 60 s');
  });

  test('so is an excluded window that begins meanwhile', async () => {
    // The run's clock stands at 08:00:30 UTC.
    const { clock, check } = await aGuardedRun({}, { excludedWindows: [{ from: '08:01', to: '09:00' }] });
    expect(await check()).toBeNull();
    clock.set(start + 60);
    expect(await check()).toBe('the excluded window every day 08:01 to 09:00 UTC has begun');
  });

  test('so is the error rate of the latest windows, and not of earlier ones', async () => {
    const { run, clock, check } = await aGuardedRun({ errorRate: { percent: 10, seconds: 5 } });
    const put = (t: number, failures: number) => putWindow(run.runId, aWindow(t, { failures }));
    for (let t = start + 10; t < start + 22; t++) await put(t, 100);
    for (let t = start + 22; t < start + 29; t++) await put(t, 0);
    expect(await check()).toBeNull();
    for (let t = start + 29; t < start + 34; t++) await put(t, 40);
    clock.set(start + 35);
    expect(await check()).toBe('error rate 40.0 % over 5 s is above its limit of 10 %');
  });

  test('so is a load that has fallen silent, once it was heard', async () => {
    const { run, clock, check } = await aGuardedRun({ p95: { ms: 500, seconds: 3 } });
    expect(await check()).toBeNull();
    await putWindow(run.runId, aWindow(start + 29));
    expect(await check()).toBeNull();
    clock.set(start + 43);
    expect(await check()).toBeNull();
    clock.set(start + 44);
    expect(await check()).toMatch('the load has told no figures for 15 s');
  });

  async function putWindow(runId: string, window: ReturnType<typeof aWindow>): Promise<void> {
    const { DynamoDBDocumentClient, PutCommand } = await import('@aws-sdk/lib-dynamodb');
    const Item = { pk: `run#${runId}`, sk: `window#${window.t}`, data: window };
    await DynamoDBDocumentClient.from(store.dynamo).send(new PutCommand({ TableName: store.table, Item }));
  }
});
