import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { rebuild } from '../../../lambdas/bundle/rebuild.ts';
import { verifyBundle } from '../../../lambdas/bundle/verify-bundle.ts';
import { type Report, reportSchema } from '../../../lambdas/report/report.schema.ts';
import { connect, eventually, isAlive, node, query } from '../../infra/local/probe.ts';
import { isListening, listenersBeyondLoopback } from '../../support/e2e-processes.ts';
import { DeployedApp } from '../../support/e2e-stack.ts';

/** Game-days through the deployed state machines, judged by what they do to real processes and real data. */
const targetId = 'sample';
const endpoint = 'http://app.faultline.internal:8000';

let app: DeployedApp;
let listenersBefore: string[];

beforeAll(async () => {
  listenersBefore = listenersBeyondLoopback();
  app = await DeployedApp.deploy();
  await eventually('the application serves', async () => (await answerOf('/health')) === '200', 60);
}, 180_000);
afterAll(() => app?.stack.stop(), 30_000);

/** What a request to the application, sent from inside, comes to: its status, or the error. */
async function answerOf(path: string): Promise<string> {
  const script = `fetch('${endpoint}${path}', { signal: AbortSignal.timeout(3000) })
    .then((r) => console.log(r.status), (e) => console.log(String(e.cause ?? e)));`;
  return (await app.stack.exec([node, '-e', script])).stdout.trim();
}

const lines = (text: string | undefined) =>
  (text ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const resultOf = (report: Report) => {
  const [result] = report.scenarios;
  if (!result) throw new Error(`no result: ${JSON.stringify(report.notRun)}`);
  return result;
};

describe('database-failure', () => {
  let runId: string;
  let gameDayId: string;
  let before: Awaited<ReturnType<typeof lookBefore>>;
  let baseline: Awaited<ReturnType<typeof lookInBaseline>>;
  let hold: Awaited<ReturnType<typeof lookInHold>>;
  let files: Map<string, string>;
  let report: Report;

  async function lookBefore() {
    const url = await app.databaseUrl();
    await query(app.stack, url, 'create table kept as select 42 as answer');
    return { url, task: await app.task('database'), counts: await app.counts('database') };
  }

  async function lookInBaseline() {
    const second = await app.executeScenario('control', 'second-start');
    const again = await app.startGameDay('control').catch((error: Error) => error.message);
    return { again, second, lease: await app.items('lease'), health: await answerOf('/health') };
  }

  async function lookInHold() {
    const [byAddress, byName, health, counts, undo, tasks] = await Promise.all([
      connect(app.stack, before.task.address, 5432),
      connect(app.stack, 'database.faultline.internal', 5432),
      answerOf('/health'),
      app.counts('database'),
      app.items('undo'),
      app.tasksOf('database'),
    ]);
    const postgres = { alive: isAlive(before.task.pid), processes: app.processes(/^postgres/) };
    return { byAddress, byName, health, counts, undo, tasks, postgres, beyond: listenersBeyondLoopback() };
  }

  beforeAll(async () => {
    before = await lookBefore();
    const gameDay = await app.startGameDay('database-failure');
    ({ id: gameDayId, runId } = gameDay);
    await gameDay.in('baseline');
    baseline = await lookInBaseline();
    await gameDay.in('fault');
    hold = await lookInHold();
    files = await gameDay.ended();
    report = reportSchema.parse(JSON.parse(files.get('report.json') ?? 'null'));
  }, 300_000);

  const events = async () =>
    (await app.items(`run#${runId}`)).filter((i) => i.sk.startsWith('event#')).map((i) => i.data as never as RunFact);
  interface RunFact {
    at: number;
    type: string;
    detail: Record<string, unknown>;
  }
  const calls = async (operation: string) =>
    (await events()).filter((e) => e.type === 'api-call' && e.detail.operation === operation);

  test('a second start on the same target is refused with the run that holds it', () => {
    expect(baseline.second).toMatchObject({
      status: 'FAILED',
      cause: expect.stringContaining(`TargetLeased: target/${targetId} is in use by run ${runId}`),
    });
    expect(baseline.again).toBe(`target/${targetId} is in use by run ${runId}; stop that run or wait for its end`);
    expect(baseline.lease.map(({ sk, data }) => [sk, data.runId])).toEqual([
      ['service/faultline-sample/cache', runId],
      ['service/faultline-sample/database', runId],
      [`target/${targetId}`, runId],
    ]);
    expect(baseline.health).toBe('200');
  });

  test('during the hold the process of Postgres is gone and nothing can connect to it', () => {
    expect(before.counts).toEqual({ desired: 1, running: 1 });
    expect(hold.postgres).toEqual({ alive: false, processes: [] });
    expect(hold.tasks).toEqual([]);
    expect(hold.counts).toEqual({ desired: 0, running: 0 });
    expect(hold.byAddress).toBe('timeout');
    expect(hold.byName).toBe('ENOTFOUND');
  });

  test('the application says 503 within 5 seconds of the fault', async () => {
    expect(hold.health).toBe('503');
    const landed = (await events()).find((e) => e.type === 'fault-landed')!.at;
    const samples = (await app.items(`run#${runId}`)).filter((i) => i.sk.startsWith('sample#')).map((i) => i.data);
    const at = (s: (typeof samples)[number]) => Number(s.t) + Number(s.at);
    const unhealthy = samples.filter((s) => (s.health as { status?: number }).status === 503).map(at);
    expect(Math.min(...unhealthy)).toBeLessThan(landed + 5);
    const injected = (await calls('UpdateService'))[0]!.at;
    expect(Math.min(...unhealthy)).toBeGreaterThan(injected);
  });

  test('nothing of it listens beyond loopback, the whole time', () => {
    expect(isListening(Number(new URL(app.stack.endpoint).port))).toBe(true);
    expect(hold.beyond.filter((address) => !listenersBefore.includes(address))).toEqual([]);
  });

  test('the undo record was written before the first change, and closed after the last', async () => {
    expect(hold.undo).toEqual([
      expect.objectContaining({
        sk: runId,
        data: expect.objectContaining({ status: 'open', original: expect.objectContaining({ desiredCount: 1 }) }),
      }),
    ]);
    const scaled = await calls('UpdateService');
    expect(scaled.map((c) => (c.detail.parameters as { desiredCount: number }).desiredCount)).toEqual([0, 1]);
    expect(Number(hold.undo[0]!.data.createdAt)).toBeLessThanOrEqual(scaled[0]!.at);
    expect(await app.items('undo')).toEqual([
      expect.objectContaining({ sk: runId, data: expect.objectContaining({ status: 'done' }) }),
    ]);
  });

  test('after it Postgres runs as before, at another address, with the rows it had', async () => {
    expect(await app.counts('database')).toEqual(before.counts);
    const after = await app.task('database');
    expect(isAlive(after.pid)).toBe(true);
    expect(after.address).not.toBe(before.task.address);
    expect(await connect(app.stack, after.address, 5432)).toBe('connected');
    expect(await query(app.stack, before.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect(await answerOf('/health')).toBe('200');
  });

  test('its record is in the table, its lease and its load are gone', async () => {
    const items = await app.items(`run#${runId}`);
    const count = (prefix: string) => items.filter((i) => i.sk.startsWith(prefix)).length;
    expect(items.find((i) => i.sk === 'run')?.data).toMatchObject({ runId, gameDayId, phase: 'done' });
    expect(count('event#')).toBeGreaterThan(15);
    expect(count('window#')).toBeGreaterThan(45);
    expect(count('sample#')).toBeGreaterThan(45);
    expect(await app.items('lease')).toEqual([]);
    expect(await app.loadTasks()).toEqual([]);
    expect(app.processes(/^locust/)).toEqual([]);
  });

  test('no state of it has an input or an output near what Step Functions can carry', async () => {
    for (const [machine, execution] of [
      ['faultline-database-failure', runId],
      ['faultline-game-day', gameDayId],
    ] as const) {
      const sizes = await app.payloadSizes(machine, execution);
      expect(sizes.length).toBeGreaterThan(5);
      expect(Math.max(...sizes)).toBeLessThan(64 * 1024);
    }
  });

  test("the windows, the load generator's own totals and Locust's CSV count the same requests", () => {
    const windows = [...files].filter(([name]) => name.startsWith(`runs/${runId}/windows/`));
    const cells = windows.flatMap(([, text]) => lines(text)).flatMap((window) => window.cells);
    const sum = (some: { count: number }[]) => some.reduce((total, cell) => total + cell.count, 0);
    const counted = { requests: sum(cells), failures: sum(cells.filter((c) => c.outcome !== 'ok')) };
    const generator = JSON.parse(files.get(`runs/${runId}/generator.json`) ?? 'null');
    const csv = files.get(`runs/${runId}/locust/stats.csv`) ?? '';
    const total = /^,Aggregated,(\d+),(\d+),/m.exec(csv);

    expect(counted.requests).toBeGreaterThan(3000);
    expect(counted.failures).toBeGreaterThan(100);
    expect(generator.locust).toEqual(counted);
    expect(total?.slice(1).map(Number)).toEqual([counted.requests, counted.failures]);
  });

  test('the report says that the fault landed and went, what it did, and leaves no cell blank', () => {
    const result = resultOf(report);
    expect(result).toMatchObject({
      id: 'database-failure',
      runId,
      fault: { landed: true, gone: true },
      generator: { workers: 2, healthy: true },
    });
    expect(['PASS', 'FAIL']).toContain(result.verdict);
    const errors = result.metrics.find((m) => m.id === 'error-rate')!;
    expect(errors.before.value).toBeLessThan(1);
    expect(errors.during.value).toBeGreaterThan(10);
    expect(errors.after.value).toBeLessThan(1);
    expect(result.rpo.map((r) => r.lost)).toEqual([0, 0, 0]);
    expect(result.rpo.some((r) => r.ackedWrites > 0)).toBe(true);

    const markdown = files.get('report.md') ?? '';
    expect(markdown).toContain('Database Connection Failure');
    expect(markdown).not.toMatch(/TBD|⏳/);
  });

  test('its bundle is whole, has the history of the state machine, and gives the same report to the byte', () => {
    const bundle = new Map([...files].map(([path, text]) => [path, Buffer.from(text)]));
    expect(verifyBundle(bundle)).toEqual([]);
    const history = JSON.parse(files.get(`runs/${runId}/state-machine.json`) ?? 'null');
    expect(history.executionArn).toMatch(new RegExp(`:execution:faultline-database-failure:${runId}$`));
    expect(history.events[0]).toMatchObject({ type: 'ExecutionStarted' });
    expect(history.events.length).toBeGreaterThan(50);
    const { texts, madeBy } = rebuild(bundle);
    expect(texts.get('report.json')).toBe(files.get('report.json'));
    expect(texts.get('report.md')).toBe(files.get('report.md'));
    expect(madeBy).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+/)]);
  });

  test("the database's password is nowhere in its bundle", () => {
    const password = decodeURIComponent(new URL(before.url).password);
    expect(password.length).toBeGreaterThan(8);
    const holders = [...files].filter(
      ([, text]) => text.includes(password) || text.includes(new URL(before.url).password),
    );
    expect(holders.map(([path]) => path)).toEqual([]);
  });
});

test('an operator may start and stop game-days, and not touch the target', async () => {
  const ecs = new ECSClient(app.as(app.operatorCredentials));
  const stop = new UpdateServiceCommand({ cluster: 'faultline-sample', service: 'cache', desiredCount: 0 });
  await expect(ecs.send(stop)).rejects.toThrow(/AccessDenied|not authorized/);
  expect(await app.counts('cache')).toEqual({ desired: 1, running: 1 });
});

describe('without the right to scale services', () => {
  let cache: { pid: number };
  let giveBack: () => Promise<void>;

  beforeAll(async () => {
    cache = await app.task('cache');
    giveBack = await app.takeAway('ecs:UpdateService', /StepsInject/);
  });
  afterAll(() => giveBack?.());

  test('a run fails by name, having touched nothing and left nothing', async () => {
    const gameDay = await app.startGameDay('cache-failure');
    await gameDay.in('baseline');
    expect(await app.loadTasks()).toHaveLength(3);
    const files = await gameDay.ended();

    const report = reportSchema.parse(JSON.parse(files.get('report.json') ?? 'null'));
    expect(resultOf(report)).toMatchObject({
      verdict: 'ERROR',
      reason: expect.stringMatching(/state Guard, AccessDenied.* not authorized to perform: ecs:UpdateService/),
      fault: { landed: false },
    });
    expect(files.get('report.md')).toMatch(/ERROR.*AccessDenied/s);
    expect(isAlive(cache.pid)).toBe(true);
    expect(await app.task('cache')).toEqual(cache);
    expect(await app.counts('cache')).toEqual({ desired: 1, running: 1 });
    expect(await app.loadTasks()).toEqual([]);
    expect(app.processes(/^locust/)).toEqual([]);
    expect(await app.items('lease')).toEqual([]);
  }, 240_000);
});
