import fc from 'fast-check';
import { excludedBetween } from '../../../lambdas/safety/excluded-windows.ts';
import { type ExcludedWindow, excludedWindowSchema } from '../../../lambdas/safety/safety-limits.ts';

const at = (iso: string) => Date.parse(iso) / 1000;
const window = (input: unknown): ExcludedWindow => excludedWindowSchema.parse(input);

const office = window({ days: ['Mon', 'Fri'], from: '09:00', to: '17:00', timeZone: 'Europe/Berlin' });
const night = window({ days: ['Fri'], from: '22:00', to: '02:00' });

test.each<[string, ExcludedWindow, string, boolean]>([
  ['inside, by the clocks of its zone (winter: UTC+1)', office, '2026-11-23T08:00:00Z', true],
  ['its last minute', office, '2026-11-23T15:59:59Z', true],
  ['its end is outside', office, '2026-11-23T16:00:00Z', false],
  ['before it', office, '2026-11-23T07:59:59Z', false],
  ['inside in summer (UTC+2)', office, '2026-07-06T07:00:00Z', true],
  ['another day', office, '2026-11-24T10:00:00Z', false],
  ['before midnight of a night', night, '2026-11-27T23:00:00Z', true],
  ['after midnight of that night', night, '2026-11-28T01:59:00Z', true],
  ['the night before it', night, '2026-11-27T01:00:00Z', false],
  ['the next evening', night, '2026-11-28T23:00:00Z', false],
])('%s', (_what, excluded, iso, inside) => {
  expect(excludedBetween([excluded], at(iso), at(iso))).toBe(inside ? excluded : null);
});

test('a time that runs into a window touches it, one that ends before does not', () => {
  const begin = at('2026-11-23T07:50:30Z');
  expect(excludedBetween([night, office], begin, begin + 600)).toBe(office);
  expect(excludedBetween([night, office], begin, begin + 569)).toBeNull();
});

test('no time from the first to the last second can hide a window: whatever touches it at any minute is found', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 * 24 * 60 }), fc.integer({ min: 0, max: 180 }), (minute, length) => {
      const from = at('2026-11-20T00:00:00Z') + minute * 60;
      const minutes = Array.from({ length: length + 1 }, (_, i) => from + i * 60);
      const touched = minutes.some((t) => excludedBetween([office], t, t) !== null);
      expect(excludedBetween([office], from, from + length * 60) !== null).toBe(touched);
    }),
    { numRuns: 60 },
  );
});

test.each([
  { from: '9:00', to: '17:00' },
  { from: '24:00', to: '17:00' },
  { from: '09:00', to: '09:00' },
  { from: '09:00', to: '17:00', days: [] },
  { from: '09:00', to: '17:00', days: ['Monday'] },
  { from: '09:00', to: '17:00', timeZone: 'Mars/Olympus' },
  { from: '09:00', to: '17:00', until: 'later' },
])('%j is no window', (input) => {
  expect(excludedWindowSchema.safeParse(input).success).toBe(false);
});
