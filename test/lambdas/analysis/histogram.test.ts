import fc from 'fast-check';
import { percentileIntervals, seededRandom } from '../../../lambdas/analysis/bootstrap.ts';
import {
  type Counted,
  countsOf,
  decodeHistogram,
  histogramOf,
  percentileMs,
  requestsNeeded,
} from '../../../lambdas/analysis/histogram.ts';
import { encode } from './support/load.ts';

const times = fc.array(fc.double({ min: 0.001, max: 110_000, noNaN: true }), { minLength: 1, maxLength: 60 });
const countsFrom = (ms: readonly number[]) => countsOf(decodeHistogram(encode(ms)));

test('merging is associative and commutative, and loses no request', () => {
  fc.assert(
    fc.property(times, times, times, (a, b, c) => {
      const [x, y, z] = [countsFrom(a), countsFrom(b), countsFrom(c)];
      const left = countsOf(histogramOf([countsOf(histogramOf([x, y])), z]));
      const right = countsOf(histogramOf([x, countsOf(histogramOf([y, z]))]));
      const turned = countsOf(histogramOf([z, y, x]));
      expect(left).toEqual(right);
      expect(turned).toEqual(left);
      expect(left.reduce((n, [, count]) => n + count, 0)).toBe(a.length + b.length + c.length);
    }),
    { numRuns: 50 },
  );
});

test('merged seconds have the percentiles of all their requests, not the mean of their percentiles', () => {
  const fast = Array.from({ length: 900 }, () => 2);
  const slow = Array.from({ length: 100 }, () => 1000);
  const merged = histogramOf([countsFrom(fast), countsFrom(slow)]);
  expect(percentileMs(merged, 0.5)).toBeCloseTo(2, 1);
  expect(percentileMs(merged, 0.95)).toBeGreaterThan(990);
});

test('a percentile is stated to three digits', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 100_000, noNaN: true }), (ms) => {
      const stated = percentileMs(histogramOf([countsFrom(Array.from({ length: 20 }, () => ms))]), 0.5)!;
      expect(Math.abs(stated - ms) / ms).toBeLessThan(0.002);
    }),
    { numRuns: 50 },
  );
});

test.each([
  [0.5, 10],
  [0.95, 100],
  [0.99, 500],
])('below its sample p%d is not stated', (q, n) => {
  const of = (size: number) => percentileMs(histogramOf([countsFrom(Array.from({ length: size }, () => 5))]), q);
  expect(requestsNeeded(q)).toBe(n);
  expect(of(n - 1)).toBeNull();
  expect(of(n)).toBeCloseTo(5, 1);
});

describe('the interval of a percentile', () => {
  const seconds: Counted[][] = Array.from({ length: 30 }, (_, t) =>
    countsFrom(Array.from({ length: 100 }, (_, i) => 5 + ((i * 7 + t) % 20))),
  );

  test('holds the percentile and is the same for the same seed', () => {
    const [first] = percentileIntervals(seconds, [0.5], seededRandom('run-1'));
    const [again] = percentileIntervals(seconds, [0.5], seededRandom('run-1'));
    const stated = percentileMs(histogramOf(seconds), 0.5)!;
    expect(first).toEqual(again);
    expect(first![0]).toBeLessThanOrEqual(stated);
    expect(first![1] * 1.001).toBeGreaterThanOrEqual(stated);
  });

  test('is wider where the seconds differ', () => {
    const drifting = seconds.map((s, t) => s.map(([v, c]): Counted => [v * (1 + t / 10), c]));
    const width = (of: Counted[][]) => {
      const [interval] = percentileIntervals(of, [0.5], seededRandom('x'));
      return interval![1] - interval![0];
    };
    expect(width(drifting)).toBeGreaterThan(2 * width(seconds));
  });

  test('is not given for less than two blocks', () => {
    expect(percentileIntervals(seconds.slice(0, 9), [0.5], seededRandom('x'))).toEqual([null]);
  });
});
