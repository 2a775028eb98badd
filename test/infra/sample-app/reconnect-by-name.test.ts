import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres, startRedis, type TestService } from '../../support/services.ts';
import { newUser, SampleApp } from './sample-app.ts';

let database: TestService;
let cache: TestService;
let folder: string;
let app: SampleApp | undefined;

const names = () => path.join(folder, 'hosts');
const setAddress = (address: string) => writeFile(names(), `${address} database.test cache.test\n`);

/** Runs a command with a hosts file of its own, in a mount namespace of its own. */
const withOwnHosts = () => [
  'unshare',
  ...(process.getuid?.() === 0 ? ['-m'] : ['-U', '-r', '-m']),
  'sh',
  '-c',
  `mount --bind '${names()}' /etc/hosts && exec "$@"`,
  'sh',
];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'test-hosts-'));
  [database, cache] = await Promise.all([startPostgres(), startRedis()]);
});

afterAll(async () => {
  await app?.stop('SIGKILL');
  await Promise.all([database?.remove(), cache?.remove(), rm(folder, { recursive: true, force: true })]);
});

test('services that come back at another address are found by their names', async () => {
  await setAddress('127.0.0.1');
  const byName = {
    database: { url: database.url.replace('127.0.0.1', 'database.test') },
    cache: { url: cache.url.replace('127.0.0.1', 'cache.test') },
  };
  const started = await SampleApp.start(byName.database, byName.cache, {}, withOwnHosts());
  app = started;
  await started.healthy();
  expect((await started.post('/users', newUser())).status).toBe(201);

  await Promise.all([database.stop(), cache.stop()]);
  await started.until(async () => (await started.health()) === 503, 3000);
  await setAddress('127.0.0.2');
  await Promise.all([database.start('127.0.0.2'), cache.start('127.0.0.2')]);

  const served = await started.until(async () => (await started.post('/users', newUser())).status === 201, 5000);
  expect(served).toBeLessThan(2500);
  await started.healthy(2000);
  await started.until(async () => JSON.parse((await started.get('/health')).body).cache === 'up', 2000);
});
