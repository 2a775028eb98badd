import { analyse } from '../../../lambdas/analysis/analyse.ts';
import type { Evidence } from '../../../lambdas/analysis/evidence.ts';
import { figuresLine } from '../../../lambdas/report/run-lines.ts';
import { encode } from './support/load.ts';
import { around, controlRun, fragileDatabase, resilientCache, resilientDatabase, served } from './support/stories.ts';
import { type Story, tell } from './support/story.ts';

const rowOf = (id: string, story: Story, change: (e: Evidence) => Evidence = (e) => e) =>
  analyse(change(tell(story).evidence)).metrics.find((m) => m.id === id)!;

describe('the error rate', () => {
  test('is the failed share of the requests that ended in whole seconds of the phase', () => {
    const row = rowOf('error-rate', resilientDatabase);
    expect(row.before).toMatchObject({ value: 0, display: '0 %', n: 1400 });
    expect(row.during).toMatchObject({ value: 75, display: '75.0 %', n: 2000 });
    expect(row.after.value).toBe(0);
    expect(row.status).toBe('degraded');
  });

  test('is OK without a failure and missed when failures stay', () => {
    expect(rowOf('error-rate', controlRun).status).toBe('ok');
    const staying: Story = {
      ...resilientDatabase,
      answer: (at, _e, t, random) => (at > t.fault && random() < 0.2 ? { outcome: 'http_5xx', ms: 3 } : served(random)),
    };
    expect(rowOf('error-rate', staying).status).toBe('missed');
  });

  test('never shows few failures as none', () => {
    const row = rowOf('error-rate', {
      ...controlRun,
      answer: (at, _e, t, random) =>
        Math.abs(at - t.inject - 5) < 0.006 ? { outcome: 'timeout', ms: 3 } : served(random),
    });
    expect(row.during.display).toMatch(/^0\.(05|11) %$/);
  });
});

describe('the response time', () => {
  test('is p50 / p95 / p99 of the merged histograms, with intervals and the sample', () => {
    const row = rowOf('response-time', controlRun);
    const { p50, p95, p99 } = row.during.percentiles!;
    expect(p50!.ms).toBeCloseTo(4, 0);
    // A log-normal with spread 0.4: p95 is 4·e^(1.645·0.4), p99 is 4·e^(2.326·0.4).
    expect(p95!.ms).toBeCloseTo(7.7, 0);
    expect(p99!.ms).toBeGreaterThan(9);
    expect(p95!.low!).toBeLessThanOrEqual(p95!.ms);
    expect(p95!.high!).toBeGreaterThanOrEqual(p95!.ms);
    expect(row.during.display).toMatch(/^[\d.]+ \/ [\d.]+ \/ [\d.]+ ms$/);
    expect(row.coordinatedOmission).toMatch(/^not applicable/);
  });

  test('stands beside the same from the intended start where users are paced', () => {
    /** Of the second before the fault the requests that were never sent, too. */
    const paced = (e: Evidence): Evidence => ({
      ...e,
      windows: e.windows.map((w) => {
        const isStalled = w.t === Math.floor(tell(controlRun).truth.inject) + 3;
        const times = isStalled ? [...Array(80).fill(4), ...Array(120).fill(900)] : Array(80).fill(4);
        return { ...w, paced: { missed: isStalled ? 120 : 0, histogram: encode(times) } };
      }),
    });
    const row = rowOf('response-time', controlRun, paced);
    expect(row.during.display).toMatch(/^[\d.]+ \/ [\d.]+ \/ [\d.]+ ms \(corrected 4\.0 \/ 900 \/ 900 ms\)$/);
    expect(row.during.percentiles!.p95!.ms).toBeLessThan(12);
    expect(row.during.corrected).toMatchObject({ missed: 120, p99: { ms: expect.closeTo(900, 0) } });
    expect(row.during.corrected!.p95!.low).toBeLessThan(5);
    expect(row.before.corrected).toMatchObject({ missed: 0, p95: { ms: expect.closeTo(4, 1) } });
    expect(row.coordinatedOmission).toMatch(/^before n = [\d,]+, 0 of them never sent.*during n = [\d,]+, 120 of them/);
    expect(figuresLine(row).text).toMatch(/corrected p50 \[4\.0, 4\.0\], p95 \[4\.0, 900\]/);
  });

  test('says too few below the sample that a percentile needs', () => {
    const row = rowOf('response-time', { ...controlRun, rps: 12 });
    expect(row.before.display).toMatch(/^[\d.]+ \/ [\d.]+ \/ too few ms$/);
    expect(row.before.percentiles!.p99).toBeNull();
  });

  test('is degraded while it is slow, and missed when it stays slow', () => {
    const slow = (until: (t: { restored: number; end: number }) => number): Story => ({
      ...resilientCache,
      answer: (at, _e, t, random) => ({ outcome: 'ok', ms: around(at > t.fault && at < until(t) ? 90 : 4, random) }),
    });
    expect(
      rowOf(
        'response-time',
        slow((t) => t.restored),
      ).status,
    ).toBe('degraded');
    expect(
      rowOf(
        'response-time',
        slow((t) => t.end),
      ).status,
    ).toBe('missed');
  });
});

test('throughput counts silence as no requests', () => {
  const row = rowOf('throughput', {
    ...resilientDatabase,
    rps: (s, t) => (s >= t.fault - 1 && s < t.recovered ? 0 : 100),
    answer: (_at, _e, _t, random) => served(random),
  });
  expect(row.before.display).toBe('100.0');
  expect(row.during.value).toBe(0);
  expect(row.status).toBe('degraded');
});

test('the recovery time is the RTO, with its target', () => {
  const row = rowOf('recovery-time', resilientDatabase);
  expect([row.before.display, row.during.display]).toEqual(['N/A', 'N/A']);
  expect(row.after.display).toMatch(/^\d\.\d s \[\d\.\d, \d\.\d\]$/);
  expect(row).toMatchObject({ status: 'ok', rule: 'within its target of 5 min' });
  const late = { ...fragileDatabase, recoverSeconds: 200, recoveryLimit: 60 };
  expect(rowOf('recovery-time', late)).toMatchObject({ status: 'degraded', after: { value: null } });
});

describe('the database load', () => {
  test('is queries a second and active connections', () => {
    const row = rowOf('database-load', resilientCache);
    expect(row.before.value).toBeCloseTo(100, 0);
    expect(row.during.value).toBeGreaterThan(350);
    expect(row.during.display).toMatch(/queries\/s, 3.0 active \(max 3\)/);
    expect(row.status).toBe('degraded');
  });

  test('falls back to transactions, and to saying so', () => {
    const transactions = rowOf('database-load', { ...resilientCache, app: () => ({ databaseQueries: null }) });
    expect(transactions.before.display).toMatch(/transactions\/s/);
    const nothing = rowOf('database-load', resilientCache, (e) => ({
      ...e,
      samples: e.samples.map((s) => ({ ...s, app: { error: 'refused' }, database: { error: 'refused' } })),
    }));
    expect(nothing).toMatchObject({
      status: 'not-measured',
      before: { display: expect.stringMatching(/^not measured/) },
    });
  });

  test('is missed when the connections run out', () => {
    const row = rowOf('database-load', resilientCache, (e) => ({
      ...e,
      samples: e.samples.map((s) => ('error' in s.database ? s : { ...s, database: { ...s.database, active: 95 } })),
    }));
    expect(row).toMatchObject({ status: 'missed', rule: expect.stringMatching(/allowed connections in use/) });
  });
});

describe('the cache hit rate', () => {
  test('is zero while the cache is away and comes back', () => {
    const row = rowOf('cache-hit-rate', resilientCache);
    expect(row.before.value).toBeGreaterThan(80);
    expect(row.during.value).toBe(0);
    expect(row.status).toBe('ok');
  });

  test('survives a restart of the process that counts', () => {
    const { truth } = tell(resilientCache);
    const whole = rowOf('cache-hit-rate', resilientCache);
    const restarted = rowOf('cache-hit-rate', resilientCache, (e) => {
      const at = e.samples.find((s) => s.t > truth.baseline + 7)!;
      const base = 'error' in at.app ? null : at.app;
      return {
        ...e,
        samples: e.samples.map((s) =>
          s.t < at.t || 'error' in s.app
            ? s
            : {
                ...s,
                app: {
                  ...s.app,
                  cacheHits: s.app.cacheHits! - base!.cacheHits!,
                  cacheMisses: s.app.cacheMisses! - base!.cacheMisses!,
                },
              },
        ),
      };
    });
    expect(Math.abs(restarted.before.value! - whole.before.value!)).toBeLessThan(2);
  });

  test.each([
    [0.3, 'missed'],
    [0.7, 'degraded'],
  ])('judges a rate of %d afterwards as %s', (rate, status) => {
    const row = rowOf('cache-hit-rate', {
      ...resilientCache,
      answer: (at, e, t, random) => {
        const usual = resilientCache.answer(at, e, t, random);
        return at > t.restored ? { ...usual, cache: random() < rate ? 'hit' : 'miss' } : usual;
      },
    });
    expect(row.status).toBe(status);
  });

  test('without counters is not measured', () => {
    const row = rowOf('cache-hit-rate', { ...resilientCache, app: () => ({ cacheHits: null }) });
    expect(row).toMatchObject({ status: 'not-measured', during: { value: null } });
  });
});
