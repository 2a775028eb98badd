import fc from 'fast-check';
import { apdexOf, type Rating, rank } from '../../../lambdas/analysis/apdex.ts';
import { loadSeconds } from '../../../lambdas/analysis/load.ts';
import type { Outcome } from '../../../lambdas/evidence/window.ts';
import { type Request, windowsOf } from './support/load.ts';

const request = fc.record({
  at: fc.double({ min: 0, max: 9.9, noNaN: true }),
  endpoint: fc.constantFrom('GET /', 'POST /whispers'),
  outcome: fc.constantFrom<Outcome>('ok', 'ok', 'http_503', 'timeout'),
  ms: fc.integer({ min: 1, max: 9000 }),
});
const requests = fc.array(request, { minLength: 1, maxLength: 60 });
const apdex = (all: readonly Request[]) => apdexOf(loadSeconds(windowsOf(all), 10))!;

/** HDR buckets have three digits: at the very thresholds a request may fall on either side. */
const clear = (ms: number) => Math.abs(ms - 500) > 1 && Math.abs(ms - 2000) > 2;

test('the score is (satisfied + tolerating / 2) / all, failures frustrated', () => {
  fc.assert(
    fc.property(requests, (all) => {
      fc.pre(all.every((r) => clear(r.ms)));
      const ok = all.filter((r) => r.outcome === 'ok');
      const satisfied = ok.filter((r) => r.ms <= 500).length;
      const tolerating = ok.filter((r) => r.ms > 500 && r.ms <= 2000).length;
      const seen = apdex(all);
      expect(seen.score).toBeCloseTo((satisfied + tolerating / 2) / all.length, 9);
      expect(seen.satisfied + seen.tolerating + seen.frustrated).toBeCloseTo(1, 9);
    }),
  );
});

test('no request that is slower, or fails, makes it better', () => {
  fc.assert(
    fc.property(requests, fc.nat(), fc.integer({ min: 1, max: 9000 }), fc.boolean(), (all, n, more, fails) => {
      const at = n % all.length;
      const worse = all.map((r, i) =>
        i === at ? { ...r, ms: r.ms + more, outcome: fails ? ('http_5xx' as const) : r.outcome } : r,
      );
      const [before, after] = [apdex(all), apdex(worse)];
      expect(after.score).toBeLessThanOrEqual(before.score + 1e-9);
      expect(rank(after.rating)).toBeGreaterThanOrEqual(rank(before.rating));
    }),
  );
});

test.each<[number, Rating]>([
  [100, 'Excellent'],
  [94, 'Excellent'],
  [93, 'Good'],
  [85, 'Good'],
  [84, 'Fair'],
  [70, 'Fair'],
  [69, 'Poor'],
  [50, 'Poor'],
  [49, 'Unacceptable'],
  [0, 'Unacceptable'],
])('%d of a hundred satisfied and the rest frustrated is %s', (good, rating) => {
  const all = Array.from({ length: 100 }, (_, i) => ({
    at: i / 20,
    endpoint: 'GET /',
    outcome: 'ok' as const,
    ms: i < good ? 20 : 5000,
  }));
  expect(apdex(all).rating).toBe(rating);
});

test('without a request there is none', () => {
  expect(apdexOf([])).toBeNull();
});
