import { scenarioById } from '../../../lambdas/scenarios/registry.ts';
import { scenarioFor } from '../../../lambdas/scenarios/scenario-for.ts';

const own = scenarioById('cache-failure');

test("a target that says nothing of a scenario's RTO has the scenario's own", () => {
  expect(scenarioFor({ rtoSeconds: { 'database-failure': 10 } }, 'cache-failure')).toEqual(own);
});

test("a target's own RTO is what a run is held to, and how long it waits for the recovery", () => {
  const { targets, seconds } = scenarioFor({ rtoSeconds: { 'cache-failure': 45 } }, 'cache-failure');
  expect(targets.rtoSeconds).toBe(45);
  expect([seconds.quick.recoveryLimit, seconds.full.recoveryLimit]).toEqual([45, 45]);
});

test('an RTO of minutes is waited for in the full profile alone', () => {
  const { seconds } = scenarioFor({ rtoSeconds: { 'cache-failure': 900 } }, 'cache-failure');
  expect([seconds.quick.recoveryLimit, seconds.full.recoveryLimit]).toEqual([60, 900]);
});

test('no RTO is so short that a recovery could not be seen', () => {
  const { targets, seconds } = scenarioFor({ rtoSeconds: { 'cache-failure': 1 } }, 'cache-failure');
  expect(targets.rtoSeconds).toBe(1);
  expect([seconds.quick.recoveryLimit, seconds.full.recoveryLimit]).toEqual([10, 10]);
});

test("a run's own limit comes before the target's RTO", () => {
  const changed = scenarioFor({ rtoSeconds: { 'cache-failure': 45 } }, 'cache-failure', {
    seconds: { recoveryLimit: 30 },
  });
  expect(changed.seconds.quick.recoveryLimit).toBe(30);
  expect(changed.targets.rtoSeconds).toBe(45);
});
