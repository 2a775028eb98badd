import { ConfigError, loadConfig } from '../../../infra/sample-app/config.ts';
import { switchNames } from '../../../infra/sample-app/fragile.ts';

const urls = { DATABASE_URL: 'postgres://u:secret@database.test:5432/app', REDIS_URL: 'redis://cache.test:6379' };
const failure = (env: Record<string, string>): string => {
  try {
    loadConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('the configuration was accepted');
};

test('two URLs are enough; everything else has its documented default', () => {
  expect(loadConfig({ ...urls, PORT: '', FRAGILE: '' })).toMatchObject({
    PORT: 8000,
    HOST: '0.0.0.0',
    POOL_SIZE: 10,
    QUEUE_LIMIT: 100,
    REQUEST_LIMIT_MS: 30_000,
    RATE_LIMIT_PER_MINUTE: 12_000,
  });
});

test('without switches every good behaviour is on', () => {
  expect(Object.values(loadConfig(urls).FRAGILE)).not.toContain(true);
});

test('FRAGILE takes one switch, several, or all', () => {
  expect(loadConfig({ ...urls, FRAGILE: 'noRetry, noBreaker' }).FRAGILE).toMatchObject({
    noRetry: true,
    noBreaker: true,
    noTimeouts: false,
  });
  const all = loadConfig({ ...urls, FRAGILE: 'all' }).FRAGILE;
  expect(Object.keys(all)).toEqual([...switchNames]);
  expect(Object.values(all)).not.toContain(false);
});

test('an unknown switch is refused with the list of known ones', () => {
  const message = failure({ ...urls, FRAGILE: 'noBreaker,noBrakes' });
  expect(message).toContain("unknown switch 'noBrakes'");
  expect(message).toContain('noShedding');
});

test.each([
  [{}, 'DATABASE_URL is required; REDIS_URL is required'],
  [{ ...urls, PORT: 'http' }, 'PORT: must be a whole number'],
  [{ ...urls, POOL_SIZE: '0' }, 'POOL_SIZE: '],
  [{ ...urls, REDIS_URL: 'http://cache.test' }, 'REDIS_URL: must be a URL such as redis://host:6379'],
])('a wrong environment is told in one line: %p', (env, expected) => {
  const message = failure(env as Record<string, string>);
  expect(message).toContain(expected);
  expect(message).not.toContain('\n');
});

test('the message never holds a password', () => {
  expect(failure({ DATABASE_URL: 'mysql://u:secret@h/x', REDIS_URL: 'redis://h' })).not.toContain('secret');
});
