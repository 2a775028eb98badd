import type { Touch } from '../../../lambdas/faults/fault.ts';
import { assertWithinBlastRadius, BlastRadiusExceeded } from '../../../lambdas/safety/blast-radius.ts';
import { safetySchema } from '../../../lambdas/safety/safety-limits.ts';

const hosts = (...ids: string[]): Touch[] => ids.map((id) => ({ kind: 'host', id, change: 'slower' }));
const one = safetySchema.parse({}).blastRadius;

test('a single host and a single service are within it by default', () => {
  const service: Touch = { kind: 'service', id: 'shop/cache', change: 'stopped' };
  expect(() => assertWithinBlastRadius([...hosts('a', 'a'), service], one)).not.toThrow();
});

test('more hosts than allowed are refused with both numbers', () => {
  const hit = () => assertWithinBlastRadius(hosts('a', 'b', 'c'), { ...one, hosts: 2 });
  expect(hit).toThrow(BlastRadiusExceeded);
  expect(hit).toThrow("would hit 3 hosts at once; the target's configuration allows 2");
  expect(() => assertWithinBlastRadius(hosts('a', 'b'), { ...one, hosts: 2 })).not.toThrow();
});
