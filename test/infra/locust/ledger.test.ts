import { setTimeout as sleep } from 'node:timers/promises';
import { type LedgerEntry, ledgerEntrySchema } from '../../../lambdas/evidence/ledger.ts';
import { fixture, LocustProcess, LocustRun } from './locust-run.ts';
import { TargetServer } from './target-server.ts';

jest.setTimeout(30_000);

let target: TargetServer;

beforeAll(async () => {
  target = await TargetServer.start();
});

afterAll(() => target.stop());

test('every marked write reaches the ledger once, with what became of it', async () => {
  const run = await LocustRun.start({ file: fixture('marked.py'), host: target.url, users: 4 });
  try {
    await run.loaded();
    await sleep(2000);
    run.master.kill('SIGTERM');
    await run.ended();
    const entries = run.jsonLines('ledger').map((e): LedgerEntry => ledgerEntrySchema.parse(e));
    expect(new Set(entries.map((e) => e.key)).size).toBe(entries.length);
    for (const { key, outcome } of entries) expect(key.startsWith(outcome)).toBe(true);
    const labels = new Set(entries.map((e) => e.key.split('/')[0]));
    expect([...labels].sort()).toEqual([
      'acked',
      'refused-404',
      'refused-429',
      'unknown-409',
      'unknown-500',
      'unknown-503',
      'unknown-raised',
      'unknown-reset',
      'unknown-silent',
    ]);
    const acked = entries.filter((e) => e.outcome === 'acked');
    expect(acked).toHaveLength(target.served.get('/status/201')!);
    for (const { intent, ack } of acked) expect(ack).toBeGreaterThan(intent);
    for (const { ack } of entries.filter((e) => e.outcome !== 'acked')) expect(ack).toBeNull();
  } finally {
    await run.remove();
  }
});

test('a Locust file with marks runs without the plug-in as well', async () => {
  const args = ['-f', fixture('marked.py'), '--headless', '--users', '1', '--run-time', '2s', '--host', target.url];
  const locust = new LocustProcess([...args, '--only-summary', '--exit-code-on-error', '0'], { PYTHONPATH: '.' });
  expect(await locust.ended).toBe(0);
  expect(locust.output).not.toMatch(/Traceback|faultline/i);
  expect(locust.output).toMatch(/POST\s+\/write\s+[1-9]/);
});
