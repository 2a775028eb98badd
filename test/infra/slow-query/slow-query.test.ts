import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Pool } from 'pg';
import { startPostgres, type TestService } from '../../support/services.ts';
import { SlowQueryProgram } from './slow-query-program.ts';

jest.setTimeout(40_000);

const name = 'faultline-slow-test';

let database: TestService;
let admin: Client;
let program: SlowQueryProgram | undefined;

beforeAll(async () => {
  database = await startPostgres();
  admin = new Client({ connectionString: database.url });
  await admin.connect();
  for (const table of ['stories', 'users', 'whispers']) await admin.query(`CREATE TABLE ${table} (id int PRIMARY KEY)`);
}, 40_000);
afterEach(async () => {
  await program?.kill();
  program = undefined;
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [name]);
  await noSession();
});
afterAll(async () => {
  await admin.end();
  await database.remove();
});

const run = (environment: Record<string, string> = {}, user?: string) => {
  program = new SlowQueryProgram(database, environment, user);
  return program;
};

/** The session that has all three tables for itself. */
async function holder(): Promise<number | null> {
  const { rows } = await admin.query(
    `SELECT l.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
      WHERE l.mode = 'AccessExclusiveLock' AND l.granted AND a.application_name = $1
        AND l.relation IN ('stories'::regclass, 'users'::regclass, 'whispers'::regclass)
      GROUP BY l.pid HAVING count(*) = 3`,
    [name],
  );
  return rows[0]?.pid ?? null;
}

async function sessions(): Promise<number> {
  const { rows } = await admin.query('SELECT count(*)::int FROM pg_stat_activity WHERE application_name = $1', [name]);
  return rows[0].count;
}

/** Milliseconds until it is so. */
async function until(is: () => Promise<boolean>, limitMs = 10_000): Promise<number> {
  const began = performance.now();
  while (!(await is())) {
    if (performance.now() - began > limitMs) throw new Error(`not within ${limitMs} ms: ${program?.output}`);
    await sleep(5);
  }
  return performance.now() - began;
}

/** A session's backend outlives its last word by a moment. */
const noSession = () => until(async () => (await sessions()) === 0);

const locked = () => until(async () => (await holder()) !== null);

/** What the program tells of its locks, a second each: since when the server had given them, by its own clock. */
const holdsOf = (output: string): { session: number; from: number }[] =>
  output
    .split('\n')
    .filter((line) => line.includes('held the tables'))
    .map((line) => JSON.parse(line))
    .sort((a, b) => a.from - b.from);

test('busy tables are held without a gap that lets clients in for long, by one session after the other', async () => {
  const clients = new Pool({ connectionString: database.url, max: 10 });
  let isBusy = true;
  const work = Array.from({ length: 10 }, async (_, i) => {
    while (isBusy) await clients.query(`SELECT * FROM ${['stories', 'users', 'whispers'][i % 3]}`);
  });
  run({ FAULTLINE_SECONDS: '8' });
  await locked();
  await program!.ended;
  isBusy = false;
  await Promise.all(work);
  await clients.end();
  const holds = holdsOf(program!.output);
  const gaps = holds.slice(1).map(({ from }, i) => (from - holds[i]!.from - 1) * 1000);
  process.stdout.write(`largest gap between two holders: ${Math.max(...gaps).toFixed(1)} ms\n`);
  expect(holds.length).toBeGreaterThanOrEqual(6);
  expect(new Set(holds.map(({ session }) => session)).size).toBe(3);
  expect(Math.max(...gaps)).toBeLessThan(100);
});

test('clients wait: sessions that queue ahead of them keep them waiting for longer than one holds the tables', async () => {
  run({ FAULTLINE_SESSIONS: '4', FAULTLINE_SECONDS: '15' });
  await locked();
  await until(async () => (await sessions()) === 4);
  await sleep(100);
  const client = new Pool({ connectionString: database.url });
  const began = performance.now();
  await client.query('SELECT * FROM stories');
  expect(performance.now() - began).toBeGreaterThan(2500);
  await client.end();
});

test('it ends at its deadline, and so do all sessions', async () => {
  const began = performance.now();
  const { ended } = run({ FAULTLINE_SECONDS: '3', FAULTLINE_HOLD_SECONDS: '60' });
  await locked();
  expect(await ended).toBe(0);
  expect(performance.now() - began).toBeGreaterThan(2900);
  expect(performance.now() - began).toBeLessThan(5500);
  expect(await noSession()).toBeLessThan(1000);
});

test('killed without a word: its sessions and locks are gone within 3 s', async () => {
  const { child } = run({ FAULTLINE_HOLD_SECONDS: '60', FAULTLINE_SECONDS: '120' });
  await locked();
  child.kill('SIGKILL');
  expect(await noSession()).toBeLessThan(3000);
  expect(await holder()).toBeNull();
});

test('stopped in the middle of a lock, the server ends the sessions at the deadline by itself', async () => {
  const { child } = run({ FAULTLINE_HOLD_SECONDS: '60', FAULTLINE_SECONDS: '4' });
  await locked();
  child.kill('SIGSTOP');
  expect(await until(async () => (await holder()) === null)).toBeLessThan(4500);
  await until(async () => {
    const { rows } = await admin.query(
      `SELECT count(*)::int FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE application_name = $1 AND NOT granted`,
      [name],
    );
    return rows[0].count === 0;
  }, 3000);
});

test('asked to stop, it does at once', async () => {
  const { child, ended } = run({ FAULTLINE_HOLD_SECONDS: '60' });
  await locked();
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(await noSession()).toBeLessThan(2000);
});

test('sessions that are terminated do not come back', async () => {
  const { ended } = run({ FAULTLINE_HOLD_SECONDS: '60' });
  await locked();
  await until(async () => (await sessions()) === 3);
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [name]);
  expect(await ended).toBe(0);
  expect(await noSession()).toBeLessThan(1000);
});

test('a deadlock with the application costs it a turn, not the session', async () => {
  const app = new Client({ connectionString: database.url });
  await app.connect();
  // Whoever looks first for deadlocks ends his own statement: that is to be the session.
  await app.query("SET deadlock_timeout = '20s'");
  await app.query('BEGIN; INSERT INTO users VALUES (1)');
  const { output } = run({ FAULTLINE_SESSIONS: '1', FAULTLINE_SECONDS: '20' });
  expect(output).toBe('');
  await until(async () => (await sessions()) === 1);
  await sleep(300);
  // The session has `stories` and waits for `users`, which the application has, and that waits for `stories`.
  await app.query('SELECT * FROM stories');
  await app.query('ROLLBACK');
  await app.end();
  await locked();
});

test('started too late, it locks nothing', async () => {
  const { ended } = run({ FAULTLINE_NOT_AFTER: String(Math.floor(Date.now() / 1000) - 1) });
  expect(await ended).toBe(66);
  expect(program!.output).toMatch(/too late to begin: nothing was locked/);
});

test('the least that a login needs: MAINTAIN on the tables', async () => {
  await admin.query('CREATE ROLE little LOGIN; GRANT MAINTAIN ON stories, users, whispers TO little');
  run({}, 'little');
  await locked();
});

test('without that right it says so and ends', async () => {
  await admin.query('CREATE ROLE nobody_at_all LOGIN');
  expect(await run({}, 'nobody_at_all').ended).toBe(1);
  expect(program!.output).toMatch(/permission denied for table stories/);
});

test.each([
  ['FAULTLINE_TABLES', 'stories; DROP TABLE users'],
  ['FAULTLINE_TABLES', ''],
  ['FAULTLINE_TABLES', '"stories"'],
  ['FAULTLINE_SESSIONS', '0'],
  ['FAULTLINE_SESSIONS', '2; SELECT 1'],
  ['FAULTLINE_HOLD_SECONDS', '61'],
  ['FAULTLINE_SECONDS', '1e9'],
  ['FAULTLINE_NOT_AFTER', 'tomorrow'],
  ['FAULTLINE_SESSION_NAME', 'sample-app'],
  ['FAULTLINE_SESSION_NAME', `faultline-${'x'.repeat(54)}`],
])('%s=%j is refused in one line', async (variable, value) => {
  expect(await run({ [variable]: value }).ended).toBe(64);
  expect(program!.output).toMatch(new RegExp(`^environment: ${variable}.*\n$`));
});
