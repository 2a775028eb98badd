import { findImage, repositoryOf } from '../../../../infra/local/images/registry.ts';

test.each([
  ['postgres', 'postgres'],
  ['postgres:18.1-alpine', 'postgres'],
  ['docker.io/library/redis:7@sha256:abc', 'redis'],
  ['localhost:5000/team/shop:1', 'team/shop'],
  ['123456789012.dkr.ecr.us-east-1.amazonaws.com/faultline/locust:2.47.0', 'faultline/locust'],
])('%s is an image of the repository %s', (reference, repository) => {
  expect(repositoryOf(reference)).toBe(repository);
});

test('a configured image comes before a built-in one, and what neither knows does not exist', () => {
  const configured = { redis: { entryPoint: ['/opt/valkey'], stopSignal: 'SIGQUIT' } };
  expect(findImage('redis:7', configured)?.stopSignal).toBe('SIGQUIT');
  expect(findImage('redis:7', {})?.stopSignal).toBe('SIGTERM');
  expect(findImage('postgres:18', {})?.stopSignal).toBe('SIGINT');
  expect(findImage('toString', {})).toBeUndefined();
});
