import { describeRun, describeSeconds, expectedSeconds } from '../../../infra/cli/progress.ts';
import { phaseNames } from '../../../lambdas/runs/run.ts';
import { aRun, aWindow, start } from '../../lambdas/support/run.ts';

test('a run is told by its phase, how far it is, and the latest second of load', () => {
  const run = aRun({ phase: 'fault', phaseStartedAt: start, phaseEndsAt: start + 20 });
  expect(describeRun(run, aWindow(start + 6, { failures: 3, p95Ms: 812.4 }), start + 7)).toBe(
    'fault 7/20 s  100 users  100 req/s  errors 3.0 %  p95 812 ms',
  );
  expect(describeRun(run, undefined, start + 500)).toBe('fault 20/20 s');
});

test('recovery takes as long as it takes, up to its limit', () => {
  const run = aRun({ phase: 'recovery', phaseStartedAt: start, phaseEndsAt: start + 60 });
  expect(describeRun(run, undefined, start + 4)).toBe('recovery 4 s (at most 60 s)');
});

test('a second without requests has neither an error rate nor a percentile', () => {
  const idle = aWindow(start, { requests: 0, failures: 0, p50Ms: null, p95Ms: null, p99Ms: null });
  expect(describeRun(aRun({ phase: 'load' }), idle, start)).toContain('errors –  p95 –');
});

test.each(phaseNames)('the phase %s has words for people', (phase) => {
  expect(describeRun(aRun({ phase }), undefined, start)).toMatch(/^[a-z]/);
});

test('what is to come takes its phases and the time around them', () => {
  expect(expectedSeconds('cache-failure', 'quick')).toBeGreaterThan(10 + 15 + 20 + 10);
  expect(expectedSeconds('cache-failure', 'full')).toBeGreaterThan(10 + 60 + 120 + 30);
});

test.each([
  [-3, '0 s'],
  [89.4, '89 s'],
  [89.6, '1 min 30 s'],
  [125, '2 min 5 s'],
])('%d seconds are %s', (seconds, text) => {
  expect(describeSeconds(seconds)).toBe(text);
});
