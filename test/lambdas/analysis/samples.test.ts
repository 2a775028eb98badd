import fc from 'fast-check';
import { counted } from '../../../lambdas/analysis/samples.ts';
import type { Sample } from '../../../lambdas/evidence/sample.ts';
import { aSample } from '../support/run.ts';

/** A sample of second `t` that is read at its start; null: the application did not answer. */
const reading = (t: number, databaseRetries: number | null): Sample => {
  const sample = { ...aSample(0), t, at: 0 };
  return { ...sample, app: databaseRetries === null ? { error: 'late' } : ({ databaseRetries } as never) };
};

const span = { start: 10, end: 20 };

test('readings just outside stand in for those that failed at the ends', () => {
  const samples = [
    reading(8, 3),
    reading(9, null),
    reading(12, null),
    reading(19, null),
    reading(21, 50),
    reading(22, 90),
  ];
  expect(counted(samples, 'databaseRetries', span)).toBe(47);
});

test('what was counted before and after does not belong to it', () => {
  const samples = Array.from({ length: 30 }, (_, t) => reading(t, t < 10 ? 100 * t : 900));
  expect(counted(samples, 'databaseRetries', span)).toBe(0);
});

test('one reading alone tells nothing', () => {
  expect(counted([reading(12, 5), reading(13, null)], 'databaseRetries', span)).toBeNull();
});

test('adjoining spans never count less than the whole, whatever readings are missing', () => {
  const values = fc.array(fc.option(fc.nat(50)), { minLength: 5, maxLength: 40 });
  fc.assert(
    fc.property(values, fc.nat(), (rises, n) => {
      const totals = rises.map((_, t) => rises.slice(0, t + 1).reduce<number>((sum, rise) => sum + (rise ?? 0), 0));
      const samples = rises.map((rise, t) => reading(t, rise === null ? null : totals[t]!));
      const cut = n % rises.length;
      const part = (start: number, end: number) => counted(samples, 'databaseRetries', { start, end }) ?? 0;
      expect(part(0, cut) + part(cut, rises.length)).toBeGreaterThanOrEqual(part(0, rises.length));
    }),
  );
});
