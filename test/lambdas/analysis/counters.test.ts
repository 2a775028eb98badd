import fc from 'fast-check';
import { increase } from '../../../lambdas/analysis/counters.ts';

const readings = (...values: (number | null)[]) => values.map((value, at) => ({ at, value }));

test.each([
  ['rises steadily', readings(10, 15, 25), { total: 15, seconds: 2 }],
  ['starts anew with its process', readings(100, 110, 3, 8), { total: 18, seconds: 3 }],
  ['could not be read for a while', readings(10, null, null, 30), { total: 20, seconds: 3 }],
  ['was read once', readings(null, 10, null), null],
  ['was never read', readings(null, null), null],
])('a counter that %s', (_what, given, expected) => {
  expect(increase(given)).toEqual(expected);
});

test('an increase never falls below zero and splits at any reading', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 3, maxLength: 20 }), fc.nat(100), (values, cut) => {
      const at = 1 + (cut % (values.length - 2));
      const all = readings(...values);
      const whole = increase(all)!.total;
      expect(whole).toBeGreaterThanOrEqual(0);
      expect(increase(all.slice(0, at + 1))!.total + increase(all.slice(at))!.total).toBe(whole);
    }),
  );
});
