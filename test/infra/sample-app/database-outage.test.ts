import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres, startRedis, type TestService } from '../../support/services.ts';
import { newStory, newUser, newWhisper, SampleApp } from './sample-app.ts';

let database: TestService;
let cache: TestService;
const running: SampleApp[] = [];

async function start(FRAGILE = ''): Promise<SampleApp> {
  const app = await SampleApp.start(database, cache, { FRAGILE });
  running.push(app);
  await app.healthy();
  return app;
}

beforeAll(async () => {
  [database, cache] = await Promise.all([startPostgres(), startRedis()]);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.stop('SIGKILL')));
  await database.stop();
  await database.start();
});

afterAll(() => Promise.all([database?.remove(), cache?.remove()]));

const isOpen = (app: SampleApp) => async () => {
  await app.post('/users', newUser());
  return (await app.metric('app_breaker_state')) === 2;
};

test('a stopped database: health says so within 2 s, errors are quick and say when to retry', async () => {
  const app = await start();
  await database.stop();
  expect(await app.until(async () => (await app.health()) === 503, 2000)).toBeLessThan(2000);
  await app.until(isOpen(app), 3000);
  const shed = await app.metric('app_shed_total');
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.post('/users', newUser())));
  for (const { status, headers, body } of answers) {
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).not.toMatch(/ECONNREFUSED|at .*\(.*:\d+|postgres/i);
  }
  // One of them may be the probe, which connects; the others do nothing at all.
  expect(await app.metric('app_shed_total')).toBeGreaterThanOrEqual(shed! + 19);
  expect(answers.map((answer) => answer.ms).sort((a, b) => a - b)[18]).toBeLessThan(150);
});

test('a stopped database: pages without data and cached reads are still served, with cached sessions', async () => {
  const app = await start();
  const story = newStory();
  const session = { sessionId: randomUUID(), userId: randomUUID() };
  await app.post('/stories', story);
  await app.post('/login', session);
  await app.get('/stories?limit=3');
  await database.stop();
  await sleep(2100);
  expect((await app.get('/')).status).toBe(200);
  const mine = { 'x-session': session.sessionId };
  expect((await app.get(`/stories/${story.id}`, mine)).status).toBe(200);
  const list = await app.get('/stories?limit=3', mine);
  expect(list.status).toBe(200);
  expect(list.headers.get('x-cache')).toBe('stale');
  expect((await app.get(`/stories/${story.id}`, { 'cache-control': 'no-cache' })).status).toBe(503);
});

test('the database is back: the application recovers by itself within 2 s and keeps what it acknowledged', async () => {
  const app = await start();
  const before = newWhisper();
  expect((await app.post('/whispers', before)).status).toBe(201);
  await database.stop();
  await app.until(isOpen(app), 3000);
  await database.start();
  const ms = await app.until(async () => (await app.post('/users', newUser())).status === 201, 5000);
  expect(ms).toBeLessThan(2000);
  await app.healthy(2000);
  expect(await app.metric('app_breaker_state')).toBe(0);
  expect(await app.metric('app_database_reconnects_total')).toBeGreaterThan(0);
  expect(await app.metric('app_pool_waiting')).toBe(0);
  expect((await app.get(`/whispers/${before.id}`, { 'cache-control': 'no-cache' })).status).toBe(200);
});

test('connections that the server cuts are replaced and the statement is tried again', async () => {
  const app = await start();
  await app.post('/users', newUser());
  await database.stop('SIGQUIT');
  const answer = app.post('/users', newUser());
  await database.start();
  expect([201, 503]).toContain((await answer).status);
  expect(await app.metric('app_database_retries_total')).toBeGreaterThan(0);
});

test('a database that hangs: health never does, and requests fail instead of waiting for the request limit', async () => {
  const app = await start();
  await Promise.all(Array.from({ length: 5 }, () => app.post('/users', newUser())));
  database.freeze();
  const stuck = app.post('/users', newUser());
  const seen = await app.until(async () => {
    const health = await app.get('/health');
    expect(health.ms).toBeLessThan(1000);
    return health.status === 503;
  }, 3000);
  expect(seen).toBeLessThan(2500);
  const answer = await stuck;
  expect(answer.status).toBe(503);
  expect(answer.ms).toBeLessThan(8000);
  database.thaw();
  await app.until(async () => (await app.post('/users', newUser())).status === 201, 4000);
});

test('FRAGILE noBreaker: the circuit never opens and nothing is shed', async () => {
  const app = await start('noBreaker');
  await database.stop();
  for (let i = 0; i < 8; i++) expect((await app.post('/users', newUser())).status).toBe(503);
  expect(await app.metric('app_breaker_state')).toBe(0);
  expect(await app.metric('app_shed_total')).toBe(0);
});

test('FRAGILE noRetry: a failure reaches the caller without a second attempt', async () => {
  const app = await start('noRetry');
  await database.stop();
  expect((await app.post('/users', newUser())).status).toBe(503);
  expect(await app.metric('app_database_retries_total')).toBe(0);
});

test('FRAGILE healthAlways200: health hides the outage', async () => {
  const app = await start('healthAlways200');
  await database.stop();
  await sleep(1500);
  expect(await app.health()).toBe(200);
});

test('FRAGILE stackTracesInErrors: a 500 with the raw error and no Retry-After', async () => {
  const app = await start('stackTracesInErrors');
  await database.stop();
  const answer = await app.post('/users', newUser());
  expect(answer.status).toBe(500);
  expect(answer.headers.get('retry-after')).toBeNull();
  expect(answer.body).toMatch(/ECONNREFUSED[\s\S]*\n\s+at /);
});

test('FRAGILE databaseForEverything: the page without data and cached reads fail too', async () => {
  const app = await start('databaseForEverything');
  const story = newStory();
  await app.post('/stories', story);
  await database.stop();
  expect((await app.get('/')).status).toBe(503);
  expect((await app.get(`/stories/${story.id}`)).status).toBe(503);
});

test('FRAGILE nPlusOneQueries: a page asks for the newest stories, and for each author one after the other', async () => {
  const app = await start('nPlusOneQueries');
  for (let i = 0; i < 4; i++) await app.post('/stories', newStory());
  const queries = await app.metric('app_database_queries_total');
  expect((await app.get('/')).status).toBe(200);
  expect(await app.metric('app_database_queries_total')).toBe(queries! + 1 + 3);
});

test('FRAGILE ackBeforeDurable: writes that were acknowledged during the outage are lost', async () => {
  const app = await start('ackBeforeDurable');
  const safe = newWhisper();
  expect((await app.post('/whispers', safe)).status).toBe(201);
  await sleep(200);
  await database.stop();
  const lost = Array.from({ length: 10 }, () => newWhisper());
  for (const whisper of lost) expect((await app.post('/whispers', whisper)).status).toBe(201);
  await sleep(2500);
  await database.start();
  await app.healthy(5000);
  const noCache = { 'cache-control': 'no-cache' };
  await app.until(async () => (await app.get(`/whispers/${safe.id}`, noCache)).status === 200, 3000);
  const found = await Promise.all(lost.map((whisper) => app.get(`/whispers/${whisper.id}`, noCache)));
  expect(found.map((answer) => answer.status)).toEqual(lost.map(() => 404));
});

test('FRAGILE noTimeouts: a database that hangs holds its callers, who would have had an answer', async () => {
  const app = await start('noTimeouts');
  await app.post('/users', newUser());
  database.freeze();
  const held = await Promise.race([app.post('/users', newUser()), sleep(4500)]);
  database.thaw();
  expect(held).toBeUndefined();
});
