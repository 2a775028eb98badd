import { scenarioById, scenarios } from '../../../lambdas/scenarios/registry.ts';
import { scenarioIds } from '../../../lambdas/scenarios/scenario.ts';

test('every scenario id has exactly one scenario', () => {
  expect(scenarios.map((s) => s.id)).toEqual([...scenarioIds]);
});

test.each(scenarioIds)('%s: quick is shorter than full and its recovery limit stays within its RTO target', (id) => {
  const { seconds, targets } = scenarioById(id);
  const total = (p: 'quick' | 'full') => seconds[p].baseline + seconds[p].fault + seconds[p].after;
  expect(total('quick')).toBeLessThan(total('full'));
  expect(seconds.quick.recoveryLimit).toBeLessThanOrEqual(targets.rtoSeconds ?? 300);
});

test('an available scenario has a fault, but for control', () => {
  for (const s of scenarios.filter((s) => s.status === 'available')) {
    expect(s.fault === null).toBe(s.id === 'control');
  }
});
