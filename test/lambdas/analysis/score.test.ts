import fc from 'fast-check';
import { analyse } from '../../../lambdas/analysis/analyse.ts';
import { type ScoreInput, scoreOf } from '../../../lambdas/analysis/score.ts';
import type { Observation } from '../../../lambdas/report/report.schema.ts';
import { controlRun, fragileCache, fragileDatabase, resilientCache, resilientDatabase } from './support/stories.ts';
import { tell } from './support/story.ts';

const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));
const observation = fc.constantFrom<Observation>('yes', 'partly', 'no', 'unknown', 'not-applicable');
const observations = fc.array(observation, { minLength: 1, maxLength: 5 });
const seconds = fc.double({ min: 0, max: 700, noNaN: true });
const rto = fc.record({
  basis: fc.constantFrom('steady-state' as const, 'restore' as const),
  high: seconds,
  low: seconds,
  censored: fc.boolean(),
  targetSeconds: fc.option(fc.constantFrom(60, 120, 300)),
});
const input: fc.Arbitrary<ScoreInput> = fc
  .record({ served: share, unclean: share, degradation: observations, errors: observations, rto: fc.option(rto) })
  .map((i) => ({ ...i, rto: i.rto && { ...i.rto, high: i.rto.censored ? null : i.rto.high } }));

const better: Partial<Record<Observation, Observation>> = { no: 'partly', partly: 'yes' };
const improveOne = (all: readonly Observation[], at: number) =>
  all.map((o, i) => (i === at % all.length ? (better[o] ?? o) : o));

/** Every way in which a system can behave better while the same things are observed. */
const improvements: [string, (i: ScoreInput, n: number) => ScoreInput][] = [
  ['serves more', (i, n) => ({ ...i, served: i.served === null ? null : Math.min(1, i.served + n / 100) })],
  ['fails more cleanly', (i, n) => ({ ...i, unclean: i.unclean === null ? null : Math.max(0, i.unclean - n / 100) })],
  ['degrades better', (i, n) => ({ ...i, degradation: improveOne(i.degradation, n) })],
  ['handles errors better', (i, n) => ({ ...i, errors: improveOne(i.errors, n) })],
  [
    'recovers sooner',
    (i, n) => ({ ...i, rto: i.rto?.high == null ? i.rto : { ...i.rto, high: Math.max(0, i.rto.high - n) } }),
  ],
  ['recovers at all', (i, n) => ({ ...i, rto: i.rto?.censored ? { ...i.rto, censored: false, high: n * 10 } : i.rto })],
  ['lets no user notice', (i) => ({ ...i, rto: i.rto && !i.rto.censored ? { ...i.rto, basis: 'restore' } : i.rto })],
];

test.each(improvements)('a system that %s never scores less', (_what, improve) => {
  fc.assert(
    fc.property(input, fc.integer({ min: 0, max: 100 }), (before, n) => {
      const [worse, improved] = [scoreOf(before), scoreOf(improve(before, n))];
      expect(improved.coverage).toBe(worse.coverage);
      expect(improved.overall === null).toBe(worse.overall === null);
      expect(improved.overall ?? 0).toBeGreaterThanOrEqual(worse.overall ?? 0);
      for (const part of ['gracefulDegradation', 'recoveryTime', 'errorHandling'] as const) {
        expect(improved[part].value ?? 0).toBeGreaterThanOrEqual(worse[part].value ?? 0);
      }
    }),
    { numRuns: 300 },
  );
});

test('what was not observed is neither 0 nor 10, and lowers the coverage', () => {
  const seen: ScoreInput = {
    served: 1,
    unclean: 0,
    degradation: ['yes'],
    errors: ['yes', 'yes'],
    rto: { basis: 'restore', high: 1, low: 0, censored: false, targetSeconds: 60 },
  };
  expect(scoreOf(seen)).toMatchObject({ overall: 10, coverage: 1 });
  const half = scoreOf({ ...seen, errors: ['yes', 'unknown'], rto: null });
  expect(half).toMatchObject({ overall: 10, recoveryTime: { value: null, basis: 'not observed' } });
  expect(half.coverage).toBeCloseTo(4 / 6, 2);
  const hardly = scoreOf({
    ...seen,
    unclean: null,
    rto: null,
    errors: ['unknown', 'unknown'],
    degradation: ['unknown'],
  });
  expect(hardly.overall).toBeNull();
});

test.each([
  [30, 10],
  [300, 5],
  [600, 0],
  [900, 0],
])('a recovery within %d s of a target of 300 s scores %d', (high, points) => {
  const score = scoreOf({
    served: null,
    unclean: null,
    degradation: [],
    errors: [],
    rto: { basis: 'steady-state', low: 0, high, censored: false, targetSeconds: 300 },
  });
  expect(score.recoveryTime.value).toBe(points);
});

test('a resilient target scores far above a fragile one; control has no score', () => {
  const overall = (story: typeof controlRun) => analyse(tell(story).evidence).score?.overall ?? null;
  expect(overall(resilientDatabase)! - overall(fragileDatabase)!).toBeGreaterThan(4);
  expect(overall(resilientCache)! - overall(fragileCache)!).toBeGreaterThan(4);
  expect(overall(controlRun)).toBeNull();
});
