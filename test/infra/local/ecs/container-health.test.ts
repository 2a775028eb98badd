import { type HealthState, healthTiming, nextHealth } from '../../../../infra/local/ecs/container-health.ts';

const follow = (results: boolean[], inStartPeriod = false) =>
  results.reduce<HealthState>((state, passed) => nextHealth(state, passed, inStartPeriod, 3), {
    health: 'UNKNOWN',
    failures: 0,
  }).health;

test('one success makes a container healthy', () => {
  expect(follow([false, false, true])).toBe('HEALTHY');
});

test('as many failures in a row as there are retries make it unhealthy', () => {
  expect(follow([true, false, false])).toBe('HEALTHY');
  expect(follow([true, false, false, false])).toBe('UNHEALTHY');
  expect(follow([false, false, true, false, false])).toBe('HEALTHY');
});

test('failures in the start period do not count', () => {
  expect(follow([false, false, false, false], true)).toBe('UNKNOWN');
});

test('what a health check leaves out is what ECS documents', () => {
  expect(healthTiming({ command: ['CMD', 'true'] })).toEqual({
    intervalMs: 30_000,
    timeoutMs: 5_000,
    retries: 3,
    startPeriodMs: 0,
  });
});
