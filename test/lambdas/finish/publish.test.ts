import { metricsOf } from '../../../lambdas/finish/publish.ts';
import type { Rpo, ScenarioResult } from '../../../lambdas/report/report.schema.ts';

const rpo = (changes: Partial<Rpo> = {}): Rpo => ({
  class: 'users',
  ackedWrites: 10,
  found: 8,
  lost: 2,
  unknown: 0,
  unreadable: 0,
  unacknowledged: 0,
  seconds: 4,
  high: 4,
  censored: false,
  targetSeconds: 900,
  met: true,
  text: '4 s',
  ...changes,
});

/** Only what is published of a result matters here. */
const result = (changes: Partial<ScenarioResult> = {}) =>
  ({
    id: 'cache-failure',
    runId: 'gd-1-cache-failure',
    verdict: 'PASS',
    reason: 'all is well',
    rto: { seconds: 3.5, text: '3.5 s', targetSeconds: 70, met: true },
    rtoReason: null,
    rpo: [rpo(), rpo({ class: 'sessions', lost: 1, targetSeconds: 60, seconds: 3 })],
    score: { overall: 8.5 },
    ...changes,
  }) as unknown as ScenarioResult;

const values = (of: ScenarioResult) => Object.fromEntries(metricsOf(of, 'shop').map((m) => [m.MetricName, m.Value]));

test('the headline figures are metrics of the target and the scenario', () => {
  expect(values(result())).toEqual({
    Passed: 1,
    ResilienceScore: 8.5,
    RecoveryTime: 3.5,
    RecoveryTimeOfTarget: 5,
    // Of the class that is closest to its target, not of the one with the oldest loss.
    RecoveryPoint: 3,
    RecoveryPointOfTarget: 5,
    LostWrites: 3,
    MissedTargets: 0,
  });
});

test('dimensions are few: never a run', () => {
  for (const { MetricName, Dimensions, Unit } of metricsOf(result(), 'shop')) {
    if (MetricName === 'MissedTargets') expect(Dimensions).toBeUndefined();
    else
      expect(Dimensions).toEqual([
        { Name: 'Target', Value: 'shop' },
        { Name: 'Scenario', Value: 'cache-failure' },
      ]);
    expect(Unit).toBeDefined();
  }
});

test('what was not measured is no metric, and not a 0', () => {
  const unmeasured = result({ rto: null, rpo: [rpo({ seconds: null, lost: 0 })], score: null });
  expect(values(unmeasured)).toEqual({ Passed: 1, MissedTargets: 0 });
  expect(values(result({ rpo: [], score: null, rto: null }))).toEqual({ Passed: 1, MissedTargets: 0 });
});

test('nothing lost is a measured 0', () => {
  expect(values(result({ rpo: [rpo({ lost: 0 })] })).LostWrites).toBe(0);
});

test.each([
  ['FAIL', 0],
  ['ABORTED', undefined],
  ['INVALID', undefined],
  ['ERROR', undefined],
] as const)('a run with the verdict %s has Passed %s', (verdict, passed) => {
  expect(values(result({ verdict })).Passed).toBe(passed);
});

test('every missed target counts, of a run that came to a conclusion', () => {
  const missed = {
    rto: { met: false, seconds: null, targetSeconds: 60 },
    rpo: [rpo({ met: false }), rpo({ met: null })],
  };
  expect(values(result({ ...missed, verdict: 'FAIL' } as unknown as Partial<ScenarioResult>)).MissedTargets).toBe(2);
  expect(values(result({ ...missed, verdict: 'INVALID' } as unknown as Partial<ScenarioResult>))).not.toHaveProperty(
    'MissedTargets',
  );
});
