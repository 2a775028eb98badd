import { withOverrides } from '../../../lambdas/scenarios/overrides.ts';
import { scenarioById } from '../../../lambdas/scenarios/registry.ts';

const latency = scenarioById('network-latency');

test('without overrides a scenario is as its file has it', () => {
  expect(withOverrides(latency, undefined)).toBe(latency);
  expect(withOverrides(latency, {})).toBe(latency);
});

test('what is overridden is so in both profiles, and the report says it', () => {
  const changed = withOverrides(latency, { parameters: { delayMs: 250 }, seconds: { fault: 30 }, load: { users: 20 } });
  expect(changed.fault?.parameters).toEqual({ delayMs: 250 });
  expect([changed.seconds.quick.fault, changed.seconds.full.fault]).toEqual([30, 30]);
  expect(changed.seconds.full.baseline).toBe(latency.seconds.full.baseline);
  expect(changed.load).toEqual({ ...latency.load, users: 20 });
  expect(changed.notes?.at(-1)).toMatch(/delayMs 250 in place of 500, users 20 in place of 100, fault 30 s/);
});

test('what the fault does not take is refused by name', () => {
  expect(() => withOverrides(latency, { parameters: { delayMs: 0 } })).toThrow(/network-latency: delayMs/);
  expect(() => withOverrides(latency, { parameters: { more: 1 } })).toThrow(/more/);
  expect(() => withOverrides(scenarioById('control'), { parameters: { delayMs: 1 } })).toThrow(/no fault/);
});
