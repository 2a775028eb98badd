import fc from 'fast-check';
import { analyse } from '../../../lambdas/analysis/analyse.ts';
import { factsOf } from '../../../lambdas/analysis/facts.ts';
import { affected, fragileCrash, resilientCrash, singleProcess } from './support/host-stories.ts';
import { served } from './support/stories.ts';
import { type Story, tell } from './support/story.ts';

const crashOf = (story: Story) => {
  const { evidence, truth } = tell(story);
  return { result: analyse(evidence), truth, evidence, crash: factsOf(evidence).recovery.crash };
};

test('the RTO runs from the kill, and its interval holds the truth for outages of any length', () => {
  const outages = fc.record({
    restoreSeconds: fc.double({ min: 0.7, max: 12, noNaN: true }),
    warmUp: fc.double({ min: 0.1, max: 8, noNaN: true }),
    rps: fc.integer({ min: 40, max: 120 }),
    start: fc.double({ min: 1_760_000_000, max: 1_760_000_001, noNaN: true }),
    seed: fc.string({ minLength: 1 }),
    sampled: fc.boolean(),
  });
  fc.assert(
    fc.property(outages, ({ restoreSeconds, warmUp, rps, start, seed, sampled }) => {
      const { result, truth } = crashOf({
        ...singleProcess,
        restoreSeconds,
        recoverSeconds: restoreSeconds + warmUp,
        rps,
        start,
        seed,
        ...(sampled ? {} : { host: undefined }),
      });
      const rto = result.rto!;
      const actual = truth.recovered - truth.fault;
      expect(rto).toMatchObject({ origin: 'kill', censored: false });
      expect(rto.low).toBeLessThanOrEqual(actual);
      expect(rto.high).toBeGreaterThanOrEqual(actual);
      expect(rto.high! - rto.low).toBeLessThanOrEqual(4.5);
      expect(rto.restore! + rto.drain!).toBeCloseTo(rto.seconds!, 6);
    }),
    { numRuns: 25 },
  );
});

test('the kill lies between the command and the first sign of its effect', () => {
  const { crash, truth } = crashOf(singleProcess);
  expect(crash!.killed.earliest).toBeLessThanOrEqual(truth.fault);
  expect(crash!.killed.latest).toBeGreaterThanOrEqual(truth.fault);
  expect(crash!.killed.latest - crash!.killed.earliest).toBeLessThan(1);
  expect(crash!.startedAt).toBeCloseTo(truth.restored, 1);
});

test('a command that was on its way for long does not lengthen the outage', () => {
  const { evidence, truth } = tell(singleProcess);
  // The old process is seen alive for another 2.5 s after the command was sent.
  const events = evidence.events.map((e) =>
    e.type === 'api-call' && e.at > truth.baseline && e.at < truth.landed ? { ...e, at: truth.fault - 2.5 } : e,
  );
  const early = factsOf({ ...evidence, events }).recovery.crash!;
  expect(truth.fault - early.killed.earliest).toBeLessThan(1.1);
});

test('the column During begins at the kill', () => {
  const { result, truth } = crashOf(singleProcess);
  expect(result.phases.fault!.start).toBeCloseTo(truth.inject + 0.2, 3);
  expect(result.metrics.find((m) => m.id === 'error-rate')!.during.value!).toBeGreaterThan(10);
});

test('users who are served all along leave only the restart to date', () => {
  const { result, truth } = crashOf(resilientCrash);
  expect(result.rto).toMatchObject({ basis: 'restore', origin: 'kill', outage: 0, met: true });
  expect(result.rto!.text).toMatch(/^no user-visible outage; process back after \d\.\d s/);
  expect(result.rto!.low).toBeLessThanOrEqual(truth.restored - truth.fault);
  expect(result.rto!.high!).toBeGreaterThanOrEqual(truth.restored - truth.fault);
});

test('an outage too short to leave the band counts as one', () => {
  const { result, truth } = crashOf({
    ...singleProcess,
    restoreSeconds: 0.7,
    recoverSeconds: 0.9,
    answer: (at, _e, t, random) => (affected(at, t) ? { outcome: 'connection', ms: 2 } : served(random)),
  });
  expect(result.rto!.basis).toBe('steady-state');
  expect(result.rto!.outage!).toBeGreaterThan(0.5);
  expect(result.rto!.high!).toBeGreaterThanOrEqual(truth.recovered - truth.fault);
});

test('an outage that begins only later is not over before it began', () => {
  const { result, truth } = crashOf({
    ...singleProcess,
    answer: (at, _e, t, random) =>
      at >= t.fault + 9 && at < t.fault + 13 ? { outcome: 'connection', ms: 2 } : served(random),
  });
  expect(truth.revert - truth.fault).toBeGreaterThan(13);
  expect(result.rto!.low).toBeLessThanOrEqual(13);
  expect(result.rto!.high!).toBeGreaterThanOrEqual(13);
});

test('a process that never comes back fails the run: nothing is held that could still be there', () => {
  const { result } = crashOf(fragileCrash);
  expect(result.invalid).toEqual([]);
  expect(result.verdict).toBe('FAIL');
  expect(result.rto).toMatchObject({ censored: true, seconds: null, restore: null });
  expect(result.issues).toContainEqual(expect.objectContaining({ text: expect.stringMatching(/after the kill/) }));
});
