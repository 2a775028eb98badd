import { randomUUID } from 'node:crypto';
import { startPostgres, startRedis, type TestService } from '../../support/services.ts';
import { newStory, SampleApp } from './sample-app.ts';

/** Of the application's breakers, as its limits have it. */
const halfOpenAfterMs = 1000;

let database: TestService;
let cache: TestService;
const running: SampleApp[] = [];

async function start(FRAGILE = ''): Promise<SampleApp> {
  const app = await SampleApp.start(database, cache, { FRAGILE });
  running.push(app);
  await app.healthy();
  await app.until(cacheIs(app, 'up'), 3000);
  return app;
}

const cacheIs = (app: SampleApp, state: string) => async () =>
  JSON.parse((await app.get('/health')).body).cache === state;

async function logIn(app: SampleApp): Promise<Record<string, string>> {
  const session = { sessionId: randomUUID(), userId: randomUUID() };
  expect((await app.post('/login', session)).status).toBe(201);
  return { 'x-session': session.sessionId };
}

beforeAll(async () => {
  [database, cache] = await Promise.all([startPostgres(), startRedis()]);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.stop('SIGKILL')));
  await cache.stop();
  await cache.start();
});

afterAll(() => Promise.all([database?.remove(), cache?.remove()]));

test('a stopped cache: every request is served from the database, sessions stay valid, nothing gets slow', async () => {
  const app = await start();
  const mine = await logIn(app);
  const story = newStory();
  await app.post('/stories', story);
  await cache.stop();
  const [hits, queries] = [await app.metric('app_cache_hits_total'), await app.metric('app_database_queries_total')];
  for (let i = 0; i < 20; i++) {
    const answer = await app.get(`/stories/${story.id}`, mine);
    expect(answer.status).toBe(200);
    expect(answer.ms).toBeLessThan(100);
  }
  expect((await app.post('/stories', newStory(), mine)).status).toBe(201);
  expect(await app.health()).toBe(200);
  expect(await app.metric('app_cache_hits_total')).toBe(hits);
  expect(await app.metric('app_cache_errors_total')).toBeGreaterThan(20);
  // The session and the story, each time.
  expect(await app.metric('app_database_queries_total')).toBeGreaterThanOrEqual(queries! + 40);
});

test('a stopped cache: the rate limiter goes on by itself, counts that, and says who decided', async () => {
  const app = await start();
  expect((await app.get('/stories')).headers.get('x-ratelimit-store')).toBe('redis');
  await cache.stop();
  const answer = await app.get('/stories');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-ratelimit-store')).toBe('local');
  expect(await app.metric('app_rate_limit_fallback_total')).toBe(1);
});

test('a cache that hangs costs a few requests 100 ms each, then nothing', async () => {
  const app = await start();
  const mine = await logIn(app);
  cache.freeze();
  const answers = [];
  const began = performance.now();
  for (let i = 0; i < 30; i++) answers.push(await app.get('/stories', mine));
  // On a busy machine they take so long that the breaker tries the cache again meanwhile.
  const tries = Math.floor((performance.now() - began) / halfOpenAfterMs);
  cache.thaw();
  expect(answers.every((answer) => answer.status === 200)).toBe(true);
  expect(Math.max(...answers.map((answer) => answer.ms))).toBeLessThan(600);
  expect(answers.filter((answer) => answer.ms > 90).length).toBeLessThanOrEqual(2 + tries);
});

test('an emptied cache is back: it is used again within 2 s and nobody was logged out', async () => {
  const app = await start();
  const mine = await logIn(app);
  await cache.stop();
  await app.get('/stories', mine);
  await cache.start();
  expect(await app.until(cacheIs(app, 'up'), 3000)).toBeLessThan(2000);
  expect((await app.get('/stories', mine)).status).toBe(200);
  const hits = await app.metric('app_cache_hits_total');
  await app.get('/stories', mine);
  expect(await app.metric('app_cache_hits_total')).toBeGreaterThan(hits!);
});

test('FRAGILE cacheFailureIsError: reads fail though the database could answer', async () => {
  const app = await start('cacheFailureIsError');
  await cache.stop();
  expect((await app.get('/stories')).status).toBe(503);
});

test('FRAGILE rateLimiterNeedsRedis: requests are refused because nobody counts them', async () => {
  const app = await start('rateLimiterNeedsRedis');
  await cache.stop();
  expect((await app.get('/stories')).status).toBe(503);
  expect(await app.metric('app_rate_limit_fallback_total')).toBe(0);
  expect((await app.get('/')).status).toBe(200);
});

test('FRAGILE sessionsInCacheOnly: a cache that restarts empty logs everybody out', async () => {
  const app = await start('sessionsInCacheOnly');
  const mine = await logIn(app);
  expect((await app.get('/stories', mine)).status).toBe(200);
  await cache.stop();
  expect((await app.get('/stories', mine)).status).toBe(401);
  await cache.start();
  await app.until(cacheIs(app, 'up'), 3000);
  expect((await app.get('/stories', mine)).status).toBe(401);
  expect((await app.get(`/sessions/${mine['x-session']}`, { 'cache-control': 'no-cache' })).status).toBe(404);
});
