import { setTimeout as sleep } from 'node:timers/promises';
import { generatorReportSchema, type Window } from '../../../lambdas/evidence/window.ts';
import { fixture, LocustProcess, LocustRun } from './locust-run.ts';
import { TargetServer } from './target-server.ts';

jest.setTimeout(45_000);

let target: TargetServer;
let run: LocustRun | undefined;

beforeAll(async () => {
  target = await TargetServer.start();
});

afterEach(async () => {
  await run?.remove();
  run = undefined;
});

afterAll(() => target.stop());

const generatorOf = (of: LocustRun) => generatorReportSchema.parse(JSON.parse(of.object('generator.json')));
const requestsOf = (windows: Window[]) => windows.flatMap((w) => w.cells).reduce((sum, c) => sum + c.count, 0);

test('a run ends by itself at its time limit, a worker that was killed is listed, and the counts still agree', async () => {
  run = await LocustRun.start({
    file: fixture('mixed.py'),
    host: target.url,
    users: 8,
    env: { FAULTLINE_MAX_SECONDS: '10' },
  });
  await run.loaded();
  run.workers[1]!.kill('SIGKILL');
  await run.ended();
  const generator = generatorOf(run);
  expect(generator.workers).toHaveLength(2);
  expect(generator.lostWorkers).toHaveLength(1);
  expect(generator.workers.map((w) => w.id)).toContain(generator.lostWorkers[0]);
  expect(generator.windows.requests).toBeGreaterThan(0);
  expect(generator.windows).toEqual(generator.locust);
  expect(requestsOf(run.jsonLines('windows'))).toBe(generator.windows.requests);
  const last = run.lines('items.jsonl').at(-3)!;
  expect(last.data.workers).toBeLessThanOrEqual(1);
});

test('a worker that is stopped delivers its last second first', async () => {
  target.served.clear();
  run = await LocustRun.start({ file: fixture('mixed.py'), host: target.url, users: 8 });
  await run.loaded();
  await sleep(1300);
  for (const worker of run.workers) worker.kill('SIGTERM');
  await run.ended();
  const { windows, locust } = generatorOf(run);
  expect(windows).toEqual(locust);
  expect(windows.requests).toBe(target.requests);
});

test('a master that still waits for workers ends on SIGTERM, takes along those that came, and leaves its report', async () => {
  run = await LocustRun.start({ file: fixture('mixed.py'), host: target.url, users: 8, workers: 1 }, 2);
  await run.until('a worker', () => /reported as ready/.test(run!.master.output));
  run.master.kill('SIGTERM');
  await run.ended();
  expect(await run.master.ended).toBe(0);
  expect(generatorOf(run)).toMatchObject({ windows: { requests: 0 }, locust: { requests: 0 }, lostWorkers: [] });
});

test('a worker that finds no master ends at its time limit', async () => {
  const args = ['-f', `${fixture('mixed.py')},faultline_plugin.py`, '--host', target.url, '--worker'];
  const started = Date.now();
  const worker = new LocustProcess([...args, '--master-host', '127.0.0.1', '--master-port', '9'], {
    FAULTLINE_MAX_SECONDS: '2',
  });
  await worker.ended;
  expect(Date.now() - started).toBeLessThan(12_000);
});

test('an environment that is wrong is named in one line, before anything starts', async () => {
  const env = { FAULTLINE_RUN_ID: 'test-run', FAULTLINE_TABLE: 'table' };
  const locust = new LocustProcess(['-f', `${fixture('mixed.py')},faultline_plugin.py`, '--headless'], env);
  expect(await locust.ended).toBe(1);
  expect(locust.output).toBe(
    'faultline: FAULTLINE_TABLE and FAULTLINE_BUCKET belong together; only one of them is set\n',
  );
});
