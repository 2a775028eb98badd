import { analyse } from '../../../lambdas/analysis/analyse.ts';
import type { Evidence } from '../../../lambdas/analysis/evidence.ts';
import type { PhaseName } from '../../../lambdas/runs/run.ts';
import { controlRun, fragileCache, fragileDatabase, resilientCache, resilientDatabase } from './support/stories.ts';
import { type Story, tell } from './support/story.ts';

const verdictOf = (story: Story, change: Partial<Evidence> = {}) => analyse({ ...tell(story).evidence, ...change });
const { evidence, truth } = tell(resilientDatabase);
const stopRequested = { reason: 'the operator pressed Ctrl-C', by: 'operator', at: truth.hold + 3 };
const error = {
  at: truth.hold + 3,
  type: 'error' as const,
  detail: { state: 'Guard', error: 'Lambda.Timeout', cause: 'timed out' },
};

/** The events up to the end of a phase, as a stopped run leaves them. */
const until = (phase: PhaseName) =>
  evidence.events.filter((e) => e.at < evidence.events.find((p) => p.detail.phase === phase)!.at);

test.each([
  [controlRun, 'PASS'],
  [resilientDatabase, 'PASS'],
  [resilientCache, 'PASS'],
  [fragileDatabase, 'FAIL'],
  [fragileCache, 'FAIL'],
] as const)('of run %# is as its target behaved', (story, verdict) => {
  const result = verdictOf(story);
  expect(result.verdict).toBe(verdict);
  expect(result.reason).toMatch(/^[A-Z0-9].*\.$/);
});

test('names the required behaviours that fell short', () => {
  expect(verdictOf(fragileDatabase).reason).toMatch(
    /2 of 2 required behaviours fell short: Health Check Response \(not observed\), Automatic Retry \(not observed\)/,
  );
});

test('a behaviour that is not required does not fail the run', () => {
  const result = verdictOf({
    ...resilientDatabase,
    answer: (at, endpoint, t, random) => ({
      ...resilientDatabase.answer(at, endpoint, t, random),
      retryAfter: false,
    }),
  });
  expect(result.behaviours.find((b) => b.id === 'error-messages')?.observed).toBe('partly');
  expect(result.verdict).toBe('PASS');
});

test('a recovery that is not shown to meet its target fails the run', () => {
  const result = verdictOf({ ...resilientDatabase, recoverSeconds: 200, recoveryLimit: 60 });
  expect(result).toMatchObject({
    verdict: 'FAIL',
    reason: expect.stringMatching(/is not shown to meet its target of 5 min/),
  });
});

test('a stopped run is ABORTED, keeps what it measured and claims nothing else', () => {
  const result = verdictOf(resilientDatabase, {
    run: { ...evidence.run, stopRequested },
    events: [...until('recovery'), { at: truth.end, type: 'phase', detail: { phase: 'analyse' } }],
  });
  expect(result).toMatchObject({
    verdict: 'ABORTED',
    reason: 'Stopped by operator: the operator pressed Ctrl-C.',
    rto: null,
    score: null,
    issues: [],
  });
  const [errors] = result.metrics;
  expect(errors?.before.value).toBe(0);
  expect(errors?.during.value).toBeCloseTo(75);
  // Its clean-up had phases as well, which are not where it was stopped.
  expect(errors?.after.display).toBe('not measured: stopped in phase fault');
});

test('a run stopped before its baseline has a result all the same', () => {
  const result = verdictOf(resilientDatabase, {
    run: { ...evidence.run, stopRequested },
    events: until('baseline'),
    windows: [],
    samples: [],
    ledger: [],
    readback: [],
    generator: null,
  });
  expect(result.verdict).toBe('ABORTED');
  expect(result.metrics.every((m) => m.status === 'not-measured')).toBe(true);
  expect(result.behaviours.every((b) => b.observed === 'unknown')).toBe(true);
});

test('a stop outranks the error that it caused', () => {
  const change = { events: [...evidence.events, error] };
  expect(verdictOf(resilientDatabase, { ...change, run: { ...evidence.run, stopRequested } }).verdict).toBe('ABORTED');
  expect(verdictOf(resilientDatabase, change)).toMatchObject({
    verdict: 'ERROR',
    reason: 'The run itself failed: state Guard, Lambda.Timeout, timed out.',
  });
});

test("the name and the words of a Lambda's own error are told, not their JSON", () => {
  const cause = JSON.stringify({
    errorType: 'Runtime.HandlerError',
    errorMessage: 'AccessDenied: not allowed to scale',
  });
  const denied = { ...error, detail: { ...error.detail, error: 'Runtime.HandlerError', cause } };
  expect(verdictOf(resilientDatabase, { events: [...evidence.events, denied] }).reason).toBe(
    'The run itself failed: state Guard, AccessDenied: not allowed to scale.',
  );
});

test('an error outranks the evidence that is missing because of it', () => {
  expect(verdictOf(resilientDatabase, { events: [...evidence.events, error], generator: null }).verdict).toBe('ERROR');
});
