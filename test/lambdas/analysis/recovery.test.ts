import fc from 'fast-check';
import { analyse } from '../../../lambdas/analysis/analyse.ts';
import type { Outcome } from '../../../lambdas/evidence/window.ts';
import { controlRun, fragileDatabase, resilientCache, resilientDatabase, served } from './support/stories.ts';
import { type Story, tell } from './support/story.ts';

const rtoOf = (story: Story) => {
  const { evidence, truth } = tell(story);
  const result = analyse(evidence);
  return { rto: result.rto, result, truth };
};

test('the interval holds the truth, for outages of any kind and length', () => {
  const outages = fc.record({
    recoverSeconds: fc.double({ min: 1, max: 45, noNaN: true }),
    restoreShare: fc.double({ min: 0.1, max: 1, noNaN: true }),
    errorShare: fc.double({ min: 0.1, max: 1, noNaN: true }),
    outcome: fc.constantFrom<Outcome>('http_503', 'timeout', 'connection', 'http_5xx'),
    ms: fc.integer({ min: 1, max: 5000 }),
    rps: fc.integer({ min: 30, max: 120 }),
    seed: fc.string({ minLength: 1 }),
  });
  fc.assert(
    fc.property(outages, ({ recoverSeconds, restoreShare, errorShare, outcome, ms, rps, seed }) => {
      const { rto, truth } = rtoOf({
        ...resilientDatabase,
        seed,
        rps,
        recoverSeconds,
        restoreSeconds: recoverSeconds * restoreShare,
        answer: (at, _endpoint, t, random) =>
          at >= t.fault && at < t.recovered && random() < errorShare ? { outcome, ms } : served(random),
      });
      const actual = truth.recovered - truth.revert;
      expect(rto).toMatchObject({ basis: 'steady-state', censored: false });
      expect(rto!.low).toBeLessThanOrEqual(actual);
      expect(rto!.high).toBeGreaterThanOrEqual(actual);
      expect(rto!.high! - rto!.low).toBeLessThanOrEqual(4);
      expect(rto!.restore! + rto!.drain!).toBeCloseTo(rto!.seconds!, 6);
    }),
    { numRuns: 25 },
  );
});

describe('the stated figure is the true one to a fraction of a second', () => {
  const kinds: [string, Story['answer']][] = [
    ['nothing is served', (at, _e, t, random) => (isOut(at, t) ? { outcome: 'connection', ms: 1 } : served(random))],
    [
      'a quarter is served all along',
      (at, endpoint, t, random) =>
        isOut(at, t) && endpoint !== 'GET /' ? { outcome: 'http_503', ms: 3 } : served(random),
    ],
    ['every answer is slow', (at, _e, t, random) => served(random, isOut(at, t) ? 400 : 4)],
  ];
  const isOut = (at: number, t: { fault: number; recovered: number }) => at >= t.fault && at < t.recovered;

  test.each(kinds)('where %s', (_what, answer) => {
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 20, noNaN: true }), fc.string({ minLength: 1 }), (seconds, seed) => {
        const story = { ...resilientDatabase, seed, recoverSeconds: seconds, restoreSeconds: seconds, answer };
        const { rto, truth } = rtoOf(story);
        expect(Math.abs(rto!.seconds! - (truth.recovered - truth.revert))).toBeLessThan(0.15);
      }),
      { numRuns: 15 },
    );
  });
});

test('slow answers without a single error are an outage too', () => {
  const { rto, truth } = rtoOf({
    ...resilientDatabase,
    answer: (at, _endpoint, t, random) => served(random, at >= t.fault && at < t.recovered ? 400 : 4),
  });
  const actual = truth.recovered - truth.revert;
  expect(rto!.low).toBeLessThanOrEqual(actual);
  expect(rto!.high).toBeGreaterThanOrEqual(actual);
});

test('requests that hang leave no windows, and that is an outage', () => {
  const { rto, truth, result } = rtoOf({
    ...resilientDatabase,
    rps: (second, t) => (second >= t.fault && second + 1 < t.recovered ? 0 : 100),
    answer: (_at, _endpoint, _t, random) => served(random),
  });
  const actual = truth.recovered - truth.revert;
  expect(rto!.low).toBeLessThanOrEqual(actual);
  expect(rto!.high).toBeGreaterThanOrEqual(actual);
  expect(result.metrics.find((m) => m.id === 'error-rate')).toMatchObject({
    status: 'degraded',
    rule: expect.stringMatching(/they hung/),
  });
});

test('a recovery that the limit cuts off is never given a number', () => {
  const { rto } = rtoOf({ ...fragileDatabase, recoverSeconds: 200, recoveryLimit: 60 });
  expect(rto).toMatchObject({ seconds: null, high: null, censored: true, met: null });
  expect(rto!.low).toBeCloseTo(60, 1);
  expect(rto!.text).toMatch(/^> 60.0 s/);
});

test('a limit at the target makes a missed recovery a miss', () => {
  const story = { ...fragileDatabase, recoverSeconds: 400, recoveryLimit: 300 };
  expect(rtoOf(story).rto).toMatchObject({ censored: true, met: false });
});

test('users who never noticed leave only the restore to date, and no outage', () => {
  const { rto, truth } = rtoOf(resilientCache);
  expect(rto).toMatchObject({ basis: 'restore', outage: 0, drain: 0, met: true, detect: null });
  expect(rto!.low).toBeLessThanOrEqual(truth.restored - truth.revert);
  expect(rto!.high).toBeGreaterThanOrEqual(truth.restored - truth.revert);
  expect(rto!.text).toMatch(/no user-visible outage/);
});

test('users who noticed, but recovered while the fault was still held, were not affected by the revert', () => {
  const { rto } = rtoOf({
    ...resilientCache,
    answer: (at, _endpoint, t, random) =>
      at >= t.fault && at < t.fault + 8 ? { outcome: 'http_503', ms: 3 } : served(random),
  });
  expect(rto).toMatchObject({ basis: 'restore' });
  expect(rto!.outage).toBeGreaterThan(6);
  expect(rto!.outage).toBeLessThan(10);
});

test('an outage that only the revert brought about counts from the revert', () => {
  const { rto, truth } = rtoOf({
    ...resilientCache,
    recoverSeconds: 12,
    answer: (at, _endpoint, t, random) =>
      at >= t.restored && at < t.recovered ? { outcome: 'http_5xx', ms: 3 } : served(random),
  });
  expect(rto!.basis).toBe('steady-state');
  expect(rto!.low).toBeLessThanOrEqual(truth.recovered - truth.revert);
  expect(rto!.high).toBeGreaterThanOrEqual(truth.recovered - truth.revert);
});

test('the health check sees the fault before its proof is complete: detected at once', () => {
  expect(
    rtoOf({ ...resilientDatabase, health: (at, t) => (at > t.fault && at < t.restored ? 503 : 200) }).rto!.detect,
  ).toBe(0);
});

test('the most that clocks of the generator can be apart widens the interval', () => {
  const { evidence } = tell(resilientDatabase);
  const exact = analyse(evidence).rto!;
  const generator = evidence.generator!;
  const [first, second] = generator.workers;
  const apart = { ...second!, clock: { offsetMs: -450, uncertaintyMs: 50 } };
  const { rto: wide, verdict } = analyse({ ...evidence, generator: { ...generator, workers: [first!, apart] } });
  expect(wide!.low).toBeCloseTo(exact.low - 0.5);
  expect(wide!.high).toBeCloseTo(exact.high! + 0.5);
  expect(verdict).toBe('PASS');
});

test('without a fault there is no RTO, and it says so', () => {
  const { result } = rtoOf(controlRun);
  expect(result.rto).toBeNull();
  expect(result.rtoReason).toMatch(/no fault/);
});
