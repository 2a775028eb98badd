import { randomUUID } from 'node:crypto';
import { startPostgres, startRedis, type TestService } from '../../support/services.ts';
import { newStory, newUser, newWhisper, SampleApp } from './sample-app.ts';

let database: TestService;
let cache: TestService;
let app: SampleApp;

beforeAll(async () => {
  [database, cache] = await Promise.all([startPostgres(), startRedis()]);
  app = await SampleApp.start(database, cache);
  await app.healthy();
});

afterAll(async () => {
  await app?.stop();
  await Promise.all([database?.remove(), cache?.remove()]);
});

const noCache = { 'cache-control': 'no-cache' };

test.each([
  ['/users', newUser()],
  ['/stories', newStory()],
  ['/whispers', newWhisper()],
])('POST %s writes once however often it is sent, and can be read back past the cache', async (path, row) => {
  expect((await app.post(path, row)).status).toBe(201);
  expect((await app.post(path, row)).status).toBe(200);
  const back = await app.get(`${path}/${row.id}`, noCache);
  expect(back.status).toBe(200);
  expect(JSON.parse(back.body)).toEqual(row);
});

test('the same id with other contents is a conflict and changes nothing', async () => {
  const user = newUser();
  await app.post('/users', user);
  expect((await app.post('/users', { ...user, name: 'Eve' })).status).toBe(409);
  expect(JSON.parse((await app.get(`/users/${user.id}`)).body).name).toBe('Ada');
});

test('what was never written is a 404, also for an id that could not exist', async () => {
  for (const path of ['/users', '/stories', '/whispers', '/sessions']) {
    expect((await app.get(`${path}/${randomUUID()}`, noCache)).status).toBe(404);
    expect((await app.get(`${path}/nothing`)).status).toBe(404);
  }
});

test('the list is newest first and bounded', async () => {
  const [older, newer] = [newStory(), newStory()];
  await app.post('/stories', older);
  await app.post('/stories', newer);
  const { body } = await app.get('/stories?limit=2', noCache);
  expect(JSON.parse(body).stories.map((s: { id: string }) => s.id)).toEqual([newer.id, older.id]);
  expect((await app.get('/stories?limit=101')).status).toBe(400);
});

test('a second read of the list comes from the cache', async () => {
  await app.get('/stories?limit=7');
  const [hits, queries] = [await app.metric('app_cache_hits_total'), await app.metric('app_database_queries_total')];
  expect((await app.get('/stories?limit=7')).status).toBe(200);
  expect(await app.metric('app_cache_hits_total')).toBe(hits! + 1);
  expect(await app.metric('app_database_queries_total')).toBe(queries);
});

test('a read that asks for no cached answer reaches the database', async () => {
  const story = newStory();
  await app.post('/stories', story);
  const queries = await app.metric('app_database_queries_total');
  await app.get(`/stories/${story.id}`, noCache);
  expect(await app.metric('app_database_queries_total')).toBe(queries! + 1);
});

test('a session from a log-in admits, an unknown one does not', async () => {
  const session = { sessionId: randomUUID(), userId: randomUUID() };
  expect((await app.post('/login', session)).status).toBe(201);
  expect((await app.post('/login', session)).status).toBe(200);
  expect(JSON.parse((await app.get(`/sessions/${session.sessionId}`, noCache)).body)).toEqual(session);
  expect((await app.get('/stories', { 'x-session': session.sessionId })).status).toBe(200);
  expect((await app.get('/stories', { 'x-session': randomUUID() })).status).toBe(401);
  expect((await app.get('/stories', { 'x-session': 'forged' })).status).toBe(401);
});

test.each([
  ['a missing field', '/users', { id: randomUUID() }, 'name'],
  ['an id that is no UUID', '/users', { id: '1', name: 'x' }, 'id'],
  ['text that the database cannot hold', '/users', { id: randomUUID(), name: 'a\0b' }, 'name'],
])('%s is a 400 that names the field, as problem+json', async (_, path, body, field) => {
  const answer = await app.post(path, body);
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const problem = JSON.parse(answer.body);
  expect(problem).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 });
  expect(problem.detail).toContain(`${field}: `);
});

test('an unknown page is a 404 as problem+json', async () => {
  const answer = await app.get('/nope');
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
});

test('every documented series is exported', async () => {
  await app.get('/');
  const { body } = await app.get('/metrics');
  for (const name of [
    'app_pool_size',
    'app_pool_in_use',
    'app_pool_waiting',
    'app_queue_length',
    'app_queue_limit',
    'app_cache_hits_total',
    'app_cache_misses_total',
    'app_cache_errors_total',
    'app_shed_total',
    'app_database_queries_total',
    'app_database_retries_total',
    'app_database_reconnects_total',
    'app_breaker_state',
    'app_rate_limit_allowed_total',
    'app_rate_limit_denied_total',
    'app_rate_limit_fallback_total',
    'process_start_time_seconds',
  ]) {
    expect(body).toMatch(new RegExp(`^${name} \\d+(\\.\\d+)?$`, 'm'));
  }
  expect(body).toMatch(/^app_requests_total\{method="GET",route="\/stories\/:id",status="404"\} \d+$/m);
});
