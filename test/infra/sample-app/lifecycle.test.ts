import { spawnSync } from 'node:child_process';
import path from 'node:path';
import pg from 'pg';
import { startPostgres, startRedis, type TestService } from '../../support/services.ts';
import { newStory, newUser, SampleApp } from './sample-app.ts';

let database: TestService;
let cache: TestService;
const running: SampleApp[] = [];

async function start(env: Record<string, string> = {}): Promise<SampleApp> {
  const app = await SampleApp.start(database, cache, env);
  running.push(app);
  return app;
}

/** Holds a lock on `users`, so that every statement on that table waits. */
async function holdUsers(): Promise<{ letGo(): Promise<void> }> {
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query('BEGIN; LOCK TABLE users');
  return { letGo: () => client.end() };
}

beforeAll(async () => {
  [database, cache] = await Promise.all([startPostgres(), startRedis()]);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.stop('SIGKILL')));
});

afterAll(() => Promise.all([database?.remove(), cache?.remove()]));

test('a wrong environment is one line on stderr and exit status 2', () => {
  const main = path.resolve('infra/sample-app/main.ts');
  const { status, stderr } = spawnSync(process.execPath, [main], { env: {}, encoding: 'utf8' });
  expect(stderr).toBe('configuration: DATABASE_URL is required; REDIS_URL is required\n');
  expect(status).toBe(2);
});

test('it starts without its database, says so, and creates its schema once the database is there', async () => {
  await database.stop();
  const app = await start();
  const health = await app.get('/health');
  expect(health.status).toBe(503);
  expect(health.headers.get('retry-after')).toBe('1');
  expect((await app.get('/')).status).toBe(200);
  expect((await app.get('/metrics')).status).toBe(200);
  await database.start();
  await app.healthy(5000);
  expect((await app.post('/users', newUser())).status).toBe(201);
});

test('FRAGILE slowStart: it does not answer before ten seconds have passed', async () => {
  const began = performance.now();
  await start({ FRAGILE: 'slowStart' });
  expect(performance.now() - began).toBeGreaterThan(10_000);
}, 30_000);

test('SIGTERM finishes the request in flight, accepts no more, and exits 0', async () => {
  const app = await start();
  await app.healthy();
  const hold = await holdUsers();
  const inFlight = app.post('/users', newUser());
  await app.until(async () => (await app.metric('app_pool_in_use')) === 1, 2000);
  const stopped = app.stop();
  await app.until(
    async () =>
      app.get('/').then(
        () => false,
        () => true,
      ),
    2000,
  );
  await hold.letGo();
  const answered = await inFlight;
  expect(answered.status).toBe(201);
  const since = performance.now();
  expect(await stopped).toBe(0);
  expect(performance.now() - since).toBeLessThan(2000);
});

test('SIGTERM exits 0 after 5 s even when a request does not end', async () => {
  const app = await start();
  await app.healthy();
  const hold = await holdUsers();
  const inFlight = app.post('/users', newUser()).catch(() => null);
  await app.until(async () => (await app.metric('app_pool_in_use')) === 1, 2000);
  const since = performance.now();
  expect(await app.stop()).toBe(0);
  expect(performance.now() - since).toBeLessThan(6000);
  await inFlight;
  await hold.letGo();
});

test('blocked statements: the queue is bounded and sheds, the rest ends at the limit, and the pool drains', async () => {
  const app = await start({ POOL_SIZE: '2', QUEUE_LIMIT: '3', REQUEST_LIMIT_MS: '1000' });
  await app.healthy();
  const hold = await holdUsers();
  const answers = Promise.all(Array.from({ length: 8 }, () => app.post('/users', newUser())));
  await app.until(async () => (await app.metric('app_shed_total')) === 3, 900);
  expect(await app.metric('app_pool_in_use')).toBe(2);
  expect(await app.metric('app_queue_length')).toBe(3);
  expect(await app.health()).toBe(200);

  const byStatus = Map.groupBy(await answers, (answer) => answer.status);
  const [shed, late] = [byStatus.get(503) ?? [], byStatus.get(504) ?? []];
  expect(shed).toHaveLength(3);
  expect(shed.every((answer) => answer.headers.get('retry-after') === '1' && answer.ms < 500)).toBe(true);
  expect(late).toHaveLength(5);
  expect(late.every((answer) => answer.ms > 950 && answer.ms < 1600)).toBe(true);

  await hold.letGo();
  await app.until(async () => (await app.metric('app_pool_waiting')) === 0, 2000);
  await app.until(async () => (await app.metric('app_pool_in_use')) === 0, 2000);
  expect((await app.post('/users', newUser())).status).toBe(201);
});

test('FRAGILE noShedding: the queue takes everyone and has no limit to report', async () => {
  const app = await start({ FRAGILE: 'noShedding', POOL_SIZE: '2', QUEUE_LIMIT: '3', REQUEST_LIMIT_MS: '2000' });
  await app.healthy();
  const hold = await holdUsers();
  const answers = Promise.all(Array.from({ length: 20 }, () => app.post('/users', newUser())));
  await app.until(async () => (await app.metric('app_queue_length')) === 18, 1500);
  expect(await app.metric('app_queue_limit')).toBeUndefined();
  expect(await app.metric('app_shed_total')).toBe(0);
  await hold.letGo();
  expect((await answers).every((answer) => answer.status === 201)).toBe(true);
});

test('a client beyond its rate is told when to come back, and pages without data are not limited', async () => {
  const app = await start({ RATE_LIMIT_PER_MINUTE: '5' });
  await app.healthy();
  // Two calendar minutes at most, so at least one of eleven is too many.
  const answers = [];
  for (let i = 0; i < 11; i++) answers.push(await app.get('/stories'));
  const denied = answers.filter((answer) => answer.status === 429);
  expect(denied.length).toBeGreaterThan(0);
  expect(Number(denied[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await app.metric('app_rate_limit_denied_total')).toBe(denied.length);
  expect((await app.get('/')).status).toBe(200);
});

test('with every switch on it works properly while nothing is broken', async () => {
  const app = await start({ FRAGILE: 'all' });
  await app.healthy();
  const story = newStory();
  expect((await app.post('/stories', story)).status).toBe(201);
  const session = { sessionId: story.id, userId: story.userId };
  expect((await app.post('/login', session)).status).toBe(201);
  for (let i = 0; i < 30; i++) {
    expect((await app.get(`/stories/${story.id}`, { 'x-session': session.sessionId })).status).toBe(200);
    expect((await app.get('/')).status).toBe(200);
  }
  await app.until(
    async () => (await app.get(`/stories/${story.id}`, { 'cache-control': 'no-cache' })).status === 200,
    1000,
  );
});
