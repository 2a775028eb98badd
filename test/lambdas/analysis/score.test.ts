import fc from 'fast-check';
import { analyse } from '../../../lambdas/analysis/analyse.ts';
import { type ScoreInput, scoreOf } from '../../../lambdas/analysis/score.ts';
import type { Observation, Score } from '../../../lambdas/report/report.schema.ts';
import type { Answer } from './support/load.ts';
import {
  controlRun,
  fragileCache,
  fragileDatabase,
  resilientCache,
  resilientDatabase,
  served,
} from './support/stories.ts';
import { type Story, tell } from './support/story.ts';

const parts = ['gracefulDegradation', 'recoveryTime', 'errorHandling'] as const;

const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));
const observation = fc.constantFrom<Observation>('yes', 'partly', 'no', 'unknown', 'not-applicable');
const observations = fc.array(observation, { minLength: 1, maxLength: 5 });
const seconds = fc.double({ min: 0, max: 700, noNaN: true });
const rto = fc.record({
  basis: fc.constantFrom('steady-state' as const, 'restore' as const),
  seconds,
  low: seconds,
  censored: fc.boolean(),
  targetSeconds: fc.option(fc.constantFrom(60, 120, 300)),
});
const input: fc.Arbitrary<ScoreInput> = fc
  .record({ served: share, unclean: share, degradation: observations, errors: observations, rto: fc.option(rto) })
  .map((i) => ({ ...i, rto: i.rto && { ...i.rto, seconds: i.rto.censored ? null : i.rto.seconds } }));

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
    (i, n) => ({ ...i, rto: i.rto?.seconds == null ? i.rto : { ...i.rto, seconds: Math.max(0, i.rto.seconds - n) } }),
  ],
  [
    'recovers at all',
    (i, n) => ({ ...i, rto: i.rto?.censored ? { ...i.rto, censored: false, seconds: n * 10 } : i.rto }),
  ],
  ['lets no user notice', (i) => ({ ...i, rto: i.rto && !i.rto.censored ? { ...i.rto, basis: 'restore' } : i.rto })],
];

test.each(improvements)('a system that %s never scores less', (_what, improve) => {
  fc.assert(
    fc.property(input, fc.integer({ min: 0, max: 100 }), (before, n) => {
      const [worse, improved] = [scoreOf(before), scoreOf(improve(before, n))];
      expect(improved.coverage).toBe(worse.coverage);
      expect(improved.overall === null).toBe(worse.overall === null);
      expect(improved.overall ?? 0).toBeGreaterThanOrEqual(worse.overall ?? 0);
      for (const part of parts) {
        expect(improved[part].value ?? 0).toBeGreaterThanOrEqual(worse[part].value ?? 0);
      }
    }),
    { numRuns: 300 },
  );
});

test.each(improvements)('a system that %s has no lower interval', (_what, improve) => {
  fc.assert(
    fc.property(input, fc.array(input, { minLength: 2, maxLength: 60 }), fc.nat(100), (before, inputs, n) => {
      const worse = scoreOf(before, { inputs, seconds: 30 });
      const improved = scoreOf(improve(before, n), { inputs: inputs.map((d) => improve(d, n)), seconds: 30 });
      for (const [now, was] of [
        [improved.overallInterval, worse.overallInterval],
        ...parts.map((p) => [improved[p].interval, worse[p].interval]),
      ]) {
        expect(now === null).toBe(was === null);
        expect(now?.low ?? 0).toBeGreaterThanOrEqual(was?.low ?? 0);
        expect(now?.high ?? 0).toBeGreaterThanOrEqual(was?.high ?? 0);
      }
    }),
    { numRuns: 100 },
  );
});

describe('the interval of a score', () => {
  const scoreOfRun = (story: Story, runId = 'r0101-120000-ab12') => {
    const { evidence } = tell(story);
    return analyse({ ...evidence, run: { ...evidence.run, runId } }).score!;
  };
  const width = (i: Score['overallInterval']) => i!.high - i!.low;
  /** Serves a share that differs from second to second. */
  const serving = (share: (second: number) => number, holdSeconds = 40): Story => ({
    ...resilientDatabase,
    holdSeconds,
    answer: (at, _endpoint, t, random) =>
      at >= t.fault && at < t.recovered && random() >= share(Math.floor(at)) ? refused : served(random),
  });
  const refused: Answer = { outcome: 'http_503', status: 503, ms: 3, retryAfter: true };
  const wavering = serving((second) => (second % 20 < 10 ? 0.1 : 0.9));

  test('holds the score, and so does that of each part', () => {
    for (const story of [resilientDatabase, fragileDatabase, resilientCache, fragileCache, wavering]) {
      const score = scoreOfRun(story);
      expect(score.overall).toBeGreaterThanOrEqual(score.overallInterval!.low);
      expect(score.overall).toBeLessThanOrEqual(score.overallInterval!.high);
      for (const part of parts) {
        expect(score[part].value).toBeGreaterThanOrEqual(score[part].interval!.low);
        expect(score[part].value).toBeLessThanOrEqual(score[part].interval!.high);
      }
    }
  });

  test('is wide where the windows differ, and narrow where they are alike', () => {
    const steady = serving(() => 0.5);
    expect(width(scoreOfRun(wavering).gracefulDegradation.interval)).toBeGreaterThan(0.5);
    expect(width(scoreOfRun(steady).gracefulDegradation.interval)).toBeLessThan(0.4);
  });

  test('judges behaviours anew: one at the edge of its limit makes it wide', () => {
    // 96 % of the failures are formed as they should be, 95 % of them have to be
    const atTheEdge: Story = {
      ...resilientDatabase,
      answer: (at, _e, t, random) => {
        if (at < t.fault || at >= t.recovered) return served(random);
        return random() < 0.045 ? { outcome: 'http_5xx', status: 500, ms: 3 } : refused;
      },
    };
    const observed = analyse(tell(atTheEdge).evidence).behaviours.find((b) => b.id === 'error-messages')!.observed;
    expect(['yes', 'partly']).toContain(observed);
    expect(width(scoreOfRun(atTheEdge).errorHandling.interval)).toBeGreaterThan(0.4);
  });

  test('covers every score that the interval of the RTO allows', () => {
    const slow = scoreOfRun({ ...fragileDatabase, recoverSeconds: 55 });
    expect(width(slow.recoveryTime.interval)).toBeGreaterThan(0);
  });

  test('is the same for the same run, and nearly so for another with the same evidence', () => {
    expect(scoreOfRun(wavering)).toEqual(scoreOfRun(wavering));
    const other = scoreOfRun(wavering, 'r0101-120000-cd34');
    expect({ ...other, overallInterval: null }).toMatchObject({ overall: scoreOfRun(wavering).overall });
    expect(Math.abs(other.overallInterval!.low - scoreOfRun(wavering).overallInterval!.low)).toBeLessThan(0.5);
  });

  test('needs ten seconds of a column', () => {
    const short = scoreOfRun({ ...resilientDatabase, holdSeconds: 8 });
    expect(short).toMatchObject({ overall: expect.any(Number), overallInterval: null });
  });
});

test('what was not observed is neither 0 nor 10, and lowers the coverage', () => {
  const seen: ScoreInput = {
    served: 1,
    unclean: 0,
    degradation: ['yes'],
    errors: ['yes', 'yes'],
    rto: { basis: 'restore', seconds: 1, low: 0, censored: false, targetSeconds: 60 },
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
])('a recovery after %d s of a target of 300 s scores %d', (seconds, points) => {
  const score = scoreOf({
    served: null,
    unclean: null,
    degradation: [],
    errors: [],
    rto: { basis: 'steady-state', low: 0, seconds, censored: false, targetSeconds: 300 },
  });
  expect(score.recoveryTime.value).toBe(points);
});

test('a resilient target scores far above a fragile one; control has no score', () => {
  const overall = (story: typeof controlRun) => analyse(tell(story).evidence).score?.overall ?? null;
  expect(overall(resilientDatabase)! - overall(fragileDatabase)!).toBeGreaterThan(4);
  expect(overall(resilientCache)! - overall(fragileCache)!).toBeGreaterThan(4);
  expect(overall(controlRun)).toBeNull();
});
