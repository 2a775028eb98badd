import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { decodeFromCompressedBase64, type JsHistogram } from 'hdr-histogram-js';
import { intervalOf, percentileIntervals, resampled, seededRandom } from '../../../lambdas/analysis/bootstrap.ts';
import { merged, percentileMs, quantileMs, requestsNeeded } from '../../../lambdas/analysis/histogram.ts';
import { type Counted, decodeCounts } from '../../../lambdas/analysis/histogram-encoding.ts';
import { encode } from './support/load.ts';

const times = fc.array(fc.double({ min: 0.001, max: 110_000, noNaN: true }), { minLength: 1, maxLength: 60 });
const countsFrom = (ms: readonly number[]) => decodeCounts(encode(ms));
const byTheLibrary = (encoded: string) => decodeFromCompressedBase64(encoded, 32, false) as JsHistogram;

test('buckets and quantiles are those of the HDR library', () => {
  fc.assert(
    fc.property(times, fc.constantFrom(0.001, 0.5, 0.9, 0.95, 0.99, 0.999, 1), (ms, q) => {
      const encoded = encode(ms);
      const library = byTheLibrary(encoded);
      const counts = decodeCounts(encoded);
      const expected = Array.from({ length: library.countsArrayIndex(library.maxValue) + 1 }, (_, i) => i)
        .filter((i) => library.getCountAtIndex(i) > 0)
        .map((i) => [library.valueFromIndex(i), library.getCountAtIndex(i)]);
      expect(counts).toEqual(expected);
      expect(quantileMs(counts, q)).toBe(library.getValueAtPercentile(q * 100) / 1000);
    }),
    { numRuns: 300 },
  );
});

test('many requests in one bucket are as many', () => {
  const counts = countsFrom(Array.from({ length: 70_000 }, () => 5));
  expect(counts).toEqual([[expect.any(Number), 70_000]]);
});

test.each([
  ['no base64', '%%%'],
  ['nothing', ''],
  ['another cookie', Buffer.concat([Buffer.from([0, 1, 2, 3, 0, 0, 0, 1]), Buffer.from([1])]).toString('base64')],
  ['what is no deflate', Buffer.from('1c84931400000002ffff', 'hex').toString('base64')],
  ['a histogram with two digits', withDigits(2)],
  ['a histogram that ends too early', cutShort()],
])('%s is no histogram', (_what, encoded) => {
  expect(() => decodeCounts(encoded)).toThrow();
});

function plain(): Buffer {
  return inflateSync(Buffer.from(encode([1, 2000, 300]), 'base64').subarray(8));
}

function compressed(inner: Buffer): string {
  const body = deflateSync(inner);
  const head = Buffer.from('1c84931400000000', 'hex');
  head.writeInt32BE(body.length, 4);
  return Buffer.concat([head, body]).toString('base64');
}

function withDigits(digits: number): string {
  const inner = plain();
  inner.writeInt32BE(digits, 12);
  return compressed(inner);
}

function cutShort(): string {
  const inner = Buffer.concat([plain(), Buffer.from([0x80])]);
  inner.writeInt32BE(inner.readInt32BE(4) + 1, 4);
  return compressed(inner);
}

test('merging is associative and commutative, and loses no request', () => {
  fc.assert(
    fc.property(times, times, times, (a, b, c) => {
      const [x, y, z] = [countsFrom(a), countsFrom(b), countsFrom(c)];
      const left = merged([merged([x, y]), z]);
      const right = merged([x, merged([y, z])]);
      const turned = merged([z, y, x]);
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
  const both = merged([countsFrom(fast), countsFrom(slow)]);
  expect(percentileMs(both, 0.5)).toBeCloseTo(2, 1);
  expect(percentileMs(both, 0.95)).toBeGreaterThan(990);
});

test('a percentile is stated to three digits', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 100_000, noNaN: true }), (ms) => {
      const stated = percentileMs(merged([countsFrom(Array.from({ length: 20 }, () => ms))]), 0.5)!;
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
  const of = (size: number) => percentileMs(merged([countsFrom(Array.from({ length: size }, () => 5))]), q);
  expect(requestsNeeded(q)).toBe(n);
  expect(of(n - 1)).toBeNull();
  expect(of(n)).toBeCloseTo(5, 1);
});

describe('the interval of a percentile', () => {
  const seconds = Array.from({ length: 30 }, (_, t) =>
    countsFrom(Array.from({ length: 100 }, (_, i) => 5 + ((i * 7 + t) % 20))),
  );

  test('holds the percentile and is the same for the same seed', () => {
    const [first] = percentileIntervals(seconds, [0.5], seededRandom('run-1'));
    const [again] = percentileIntervals(seconds, [0.5], seededRandom('run-1'));
    const stated = percentileMs(merged(seconds), 0.5)!;
    expect(first).toEqual(again);
    expect(first!.low).toBeLessThanOrEqual(stated);
    expect(first!.high).toBeGreaterThanOrEqual(stated);
  });

  test('is wider where the seconds differ', () => {
    const drifting: Counted[][] = seconds.map((s, t) => s.map(([v, c]): Counted => [v * (1 + t / 10), c]));
    const width = (of: readonly (readonly Counted[])[]) => {
      const [interval] = percentileIntervals(of, [0.5], seededRandom('x'));
      return interval!.high - interval!.low;
    };
    expect(width(drifting)).toBeGreaterThan(2 * width(seconds));
  });

  test('is the one value where there is only one', () => {
    const [interval] = percentileIntervals(Array(12).fill(countsFrom([700, 700])), [0.5], seededRandom('x'));
    expect(interval).toEqual({ low: 700.415, high: 700.415 });
  });

  test('draws each second as often as any other, those at the edges too', () => {
    const [random, drawn] = [seededRandom('edges'), Array(15).fill(0)];
    for (let i = 0; i < 4000; i++) for (const s of resampled(15, random)) drawn[s]++;
    for (const times of drawn) expect(Math.abs(times / 4000 - 1)).toBeLessThan(0.1);
  });

  test.each([
    [15, 1, 200],
    [60, 3, 198],
    [3600, 5, 196],
  ])('of %d s is from the draw %d to the draw %d of 200', (seconds, low, high) => {
    const draws = Array.from({ length: 200 }, (_, i) => 200 - i);
    expect(intervalOf(draws, seconds)).toEqual({ low, high });
  });

  test('is not given for less than two blocks', () => {
    expect(percentileIntervals(seconds.slice(0, 9), [0.5], seededRandom('x'))).toEqual([null]);
  });
});
