import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startPostgres, startRedis, type TestService } from '../../support/services.ts';
import { type Answer, newUser, SampleApp } from './sample-app.ts';

jest.setTimeout(40_000);

const limitMs = 2000;
const settings = { POOL_SIZE: '2', QUEUE_LIMIT: '5', REQUEST_LIMIT_MS: String(limitMs), LOG_LEVEL: 'error' };

let database: TestService;
let cache: TestService;
let running: SampleApp | undefined;
let locker: Client;

beforeAll(async () => {
  [database, cache] = await Promise.all([startPostgres(), startRedis()]);
}, 40_000);
beforeEach(async () => {
  locker = new Client({ connectionString: database.url });
  await locker.connect();
});
afterEach(async () => {
  await locker.end();
  await running?.stop();
  running = undefined;
});
afterAll(() => Promise.all([database.remove(), cache.remove()]));

async function start(fragile = ''): Promise<SampleApp> {
  running = await SampleApp.start(database, cache, { ...settings, FRAGILE: fragile });
  await running.healthy();
  return running;
}

const lock = () => locker.query('BEGIN; LOCK TABLE stories, users, whispers IN ACCESS EXCLUSIVE MODE');

/** New users, all at once. */
const signUps = (app: SampleApp, n: number): Promise<Answer>[] =>
  Array.from({ length: n }, () => app.post('/users', newUser()));

test('locked tables: the pool is full, the queue is bounded, the rest is refused at once, all others end at the limit', async () => {
  const app = await start();
  await lock();
  const answers = signUps(app, 10);
  await sleep(500);
  expect(await app.metric('app_pool_in_use')).toBe(2);
  expect(await app.metric('app_queue_length')).toBe(5);
  expect(await app.health()).toBe(200);
  const all = await Promise.all(answers);
  const refused = all.filter(({ status }) => status === 503);
  expect(refused).toHaveLength(3);
  for (const { ms, headers } of refused) {
    expect(ms).toBeLessThan(limitMs / 2);
    expect(headers.get('retry-after')).toBe('1');
  }
  const late = all.filter(({ status }) => status === 504);
  expect(late).toHaveLength(7);
  for (const { ms } of late) {
    expect(ms).toBeGreaterThan(limitMs - 100);
    expect(ms).toBeLessThan(limitMs + 1500);
  }
  expect(await app.metric('app_request_timeouts_total')).toBe(7);
});

test('requests that have ended at the limit leave their places in the queue to others', async () => {
  const app = await start();
  await lock();
  await Promise.all(signUps(app, 7));
  const shed = await app.metric('app_shed_total');
  // Two have the connections again, or those whose requests have ended still have them.
  const next = signUps(app, 5);
  await sleep(300);
  expect(await app.metric('app_queue_length')).toBeLessThanOrEqual(5);
  expect((await Promise.all(next)).map(({ status }) => status)).toEqual([504, 504, 504, 504, 504]);
  expect(await app.metric('app_shed_total')).toBe(shed);
});

test('the lock is gone: who still waits is served, and the pool drains', async () => {
  const app = await start();
  await lock();
  const answers = signUps(app, 7);
  await sleep(800);
  await locker.query('ROLLBACK');
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(7).fill(201));
  expect(await app.metric('app_pool_in_use')).toBe(0);
  expect(await app.metric('app_queue_length')).toBe(0);
});

test('FRAGILE noTimeouts, noShedding: nothing ends at a limit and the queue has none', async () => {
  const app = await start('noTimeouts,noShedding');
  await lock();
  const answers = signUps(app, 20);
  await sleep(limitMs + 1000);
  expect(await app.metric('app_queue_length')).toBe(18);
  expect(await app.metric('app_queue_limit')).toBeUndefined();
  expect(await app.metric('app_request_timeouts_total')).toBe(0);
  await locker.query('ROLLBACK');
  expect((await Promise.all(answers)).every(({ status }) => status === 201)).toBe(true);
});
