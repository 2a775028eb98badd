import { hostSpecOf } from '../../../../infra/local/run/sample-host.ts';
import { aTarget } from '../../../lambdas/support/target.ts';

const login = { username: 'sample', password: 'a b"c' };
const hosts = { tag: { key: 'faultline:target', value: 'shop' }, process: { name: 'sample-app' } };

test("a target's host has its name, its tags, the right to be faulted and all that its application has to know", () => {
  const target = aTarget({ hosts, logs: ['/faultline/shop/app', '/faultline/shop/database'] });
  expect(hostSpecOf(target, login, 'no-cache-fallback')).toEqual({
    name: 'app',
    instanceId: expect.stringMatching(/^i-[0-9a-f]{17}$/),
    tags: { 'faultline:target': 'shop', 'faultline:opt-in': 'true' },
    program: {
      environment: {
        PORT: '8000',
        DATABASE_URL: 'postgres://database.example.internal:5432/shop',
        REDIS_URL: 'redis://cache.example.internal:6379',
        PGUSER: 'sample',
        PGPASSWORD: 'a b"c',
        FRAGILE: 'no-cache-fallback',
      },
      logGroup: '/faultline/shop/app',
    },
  });
});

test("a target's host is the same instance each time, and another target's another one", () => {
  const instance = (id: string) => hostSpecOf(aTarget({ id, hosts }), login, '').instanceId;
  expect(instance('shop')).toBe(instance('shop'));
  expect(instance('shop')).not.toBe(instance('second'));
});

test('a target on no host has none', () => {
  expect(() => hostSpecOf(aTarget(), login, '')).toThrow("the target 'shop' runs on no host");
});
