import { setTimeout as sleep } from 'node:timers/promises';
import { type LedgerEntry, ledgerEntrySchema } from '../../../lambdas/evidence/ledger.ts';
import type { Window } from '../../../lambdas/evidence/window.ts';
import { freePort, startPostgres, startRedis, type TestService } from '../../support/services.ts';
import { SampleApp } from '../sample-app/sample-app.ts';
import { LocustRun } from './locust-run.ts';

jest.setTimeout(60_000);

const file = 'sample/locustfile.py';
const users = 20;

let services: TestService[] = [];
let app: SampleApp | undefined;
let run: LocustRun | undefined;

afterEach(async () => {
  await run?.remove();
  await app?.stop();
  await Promise.all(services.map((s) => s.remove()));
  [run, app, services] = [undefined, undefined, []];
});

const cellsOf = (windows: Window[]) => windows.flatMap((w) => w.cells);
const total = (cells: { count: number }[]) => cells.reduce((sum, c) => sum + c.count, 0);

test('users of a healthy application, empty at first, meet no error, and what it acknowledged is there', async () => {
  services = await Promise.all([startPostgres(), startRedis()]);
  app = await SampleApp.start(services[0]!, services[1]!, { LOG_LEVEL: 'error' });
  await app.healthy();
  run = await LocustRun.start({ file, host: app.url, users });
  await run.loaded();
  await sleep(7000);
  run.master.kill('SIGTERM');
  await run.ended();

  expect(run.aggregated().failures).toBe(0);
  const windows: Window[] = run.jsonLines('windows');
  const endpoints = new Set(cellsOf(windows).map((c) => c.endpoint));
  expect([...endpoints].sort()).toEqual([
    'GET /',
    'GET /stories',
    'GET /stories/[id]',
    'GET /whispers/[id]',
    'POST /login',
    'POST /stories',
    'POST /users',
    'POST /whispers',
  ]);

  const full = windows.filter((w) => w.users === users).slice(1, -2);
  expect(total(cellsOf(full)) / full.length / users).toBeGreaterThan(0.95);
  expect(total(cellsOf(full)) / full.length / users).toBeLessThan(1.05);

  const ledger = run.jsonLines('ledger').map((e): LedgerEntry => ledgerEntrySchema.parse(e));
  expect(new Set(ledger.map((e) => e.class)).size).toBe(3);
  const paths = { users: 'users', transactions: 'whispers', sessions: 'sessions' };
  for (const entry of ledger) {
    expect(entry.outcome).toBe('acked');
    const answer = await app.get(`/${paths[entry.class]}/${entry.key}`, { 'cache-control': 'no-cache' });
    expect(answer.status).toBe(200);
  }
});

test('users who find the application down keep trying, once a second each', async () => {
  run = await LocustRun.start({ file, host: `http://127.0.0.1:${await freePort()}`, users });
  await run.loaded();
  // Over several seconds: of a single one, beats next to its edges may fall into its neighbours.
  await sleep(6500);
  run.master.kill('SIGTERM');
  await run.ended();
  const windows: Window[] = run.jsonLines('windows');
  expect(new Set(cellsOf(windows).map((c) => `${c.endpoint} ${c.outcome}`))).toEqual(
    new Set(['POST /users connection']),
  );
  const full = windows.filter((w) => w.users === users).slice(1, -2);
  expect(full.length).toBeGreaterThanOrEqual(4);
  expect(total(cellsOf(full)) / full.length / users).toBeGreaterThan(0.9);
  for (const entry of run.jsonLines('ledger')) expect(entry.outcome).toBe('unknown');
  expect(run.log()).not.toMatch(/Traceback/);
});
