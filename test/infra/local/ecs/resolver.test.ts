import type { Packet } from 'dns-packet';
import { answerFor, ttlSeconds } from '../../../../infra/local/ecs/resolver.ts';

const ask = (name: string, type: 'A' | 'AAAA' = 'A') =>
  answerFor({ type: 'query', id: 7, questions: [{ type, name }] }, (service) =>
    service === 'cache' ? ['198.18.1.5', '198.18.1.6'] : [],
  );
const code = ({ flags = 0 }: Packet) => flags & 15;

test('a service has the addresses of its tasks, for a few seconds', () => {
  const answer = ask('Cache.faultline.internal');
  expect(code(answer)).toBe(0);
  expect(answer.answers).toMatchObject([
    { type: 'A', data: '198.18.1.5', ttl: ttlSeconds },
    { type: 'A', data: '198.18.1.6', ttl: ttlSeconds },
  ]);
  expect(ttlSeconds).toBeLessThanOrEqual(10);
});

test('it exists without having an IPv6 address', () => {
  const answer = ask('cache.faultline.internal', 'AAAA');
  expect([code(answer), answer.answers]).toEqual([0, []]);
});

test.each(['database.faultline.internal', 'example.com', 'faultline.internal', 'cache'])(
  '%s does not exist',
  (name) => {
    expect(code(ask(name))).toBe(3);
  },
);
