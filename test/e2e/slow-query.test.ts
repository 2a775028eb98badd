import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { type Report, reportSchema } from '../../lambdas/report/report.schema.ts';
import { sessionName } from '../../lambdas/slow-query/session-name.ts';
import { eventually, query } from '../infra/local/probe.ts';
import { holdFault, hurryToHold, runOf } from '../support/e2e-held-run.ts';
import { nothingLeft } from '../support/e2e-leftovers.ts';
import { DeployedApp } from '../support/e2e-stack.ts';

/** What blocks the tables of a database, on the deployed machines, judged by Postgres itself. */
let app: DeployedApp;
let url: string;

/** What Postgres says of the run's sessions, and who else waits for a lock. */
async function seen(runId: string) {
  const [row] = (await query(
    app.stack,
    url,
    `SELECT count(*) FILTER (WHERE application_name = '${sessionName(runId)}')::int AS sessions,
            count(*) FILTER (WHERE application_name = 'sample-app' AND wait_event_type = 'Lock')::int AS waiting,
            (SELECT count(*)::int FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted) AS locks
       FROM pg_stat_activity`,
  )) as { sessions: number; waiting: number; locks: number }[];
  return row!;
}

const nothingSeen = { sessions: 0, waiting: 0, locks: 0 };

const runningTask = async () =>
  (await app.stack.tasks()).find(
    ({ family, lastStatus }) => family.startsWith('faultline-slow-query') && lastStatus === 'RUNNING',
  );

describe('a database whose tables are locked', () => {
  let report: Report;
  let runId: string;

  beforeAll(async () => {
    app = await DeployedApp.deploy();
    url = await app.databaseUrl();
    const gameDay = await app.startGameDay('slow-query');
    runId = gameDay.runId;
    const files = await gameDay.ended();
    report = reportSchema.parse(JSON.parse(files.get('report.json')!));
    await hurryToHold(app, 'slow-query');
  }, 400_000);
  afterAll(() => app?.stack.stop(), 30_000);

  const metric = (id: string) => report.scenarios[0]!.metrics.find((m) => m.id === id)!;
  const behaviour = (id: string) => report.scenarios[0]!.behaviours.find((b) => b.id === id)!;

  test('the fault landed and went, and the report shows both statements', () => {
    const [{ fault, verdict, setup }] = report.scenarios as [Report['scenarios'][number]];
    expect(fault).toMatchObject({ landed: true, gone: true });
    expect(fault.proof).toMatch(/3 of the 3 tables .* for itself; [1-9]\d* other sessions wait/);
    expect(fault.goneProof).toMatch(/^0 tasks of the run, 0 sessions/);
    expect(['PASS', 'FAIL']).toContain(verdict);
    expect(setup.notes.join(' ')).toMatch(/SELECT pg_sleep\(10\), \* FROM.*LOCK TABLE .* ACCESS EXCLUSIVE MODE/);
  });

  test('the pool was full, the queue grew, requests ended at their limit, and all of it passed', () => {
    // The mean of once a second: in a moment between two statements a connection is nobody's.
    expect(metric('connection-pool').during.value).toBeGreaterThan(95);
    expect(metric('connection-pool').during.display).toMatch(/at most 100 %/);
    expect(metric('queue-length').during.value).toBeGreaterThan(20);
    expect(metric('request-timeout').during.value).toBeGreaterThan(0);
    expect(metric('connection-pool').after.value).toBeLessThan(50);
    expect(metric('request-timeout').after.value).toBe(0);
    expect(behaviour('request-timeout-30s').observed).toBe('yes');
    expect(behaviour('connection-release').observed).toBe('yes');
    expect(behaviour('queue-buildup').observed).toBe('yes');
    expect(behaviour('recovery').observed).toBe('yes');
  });

  test('nothing of it is left', async () => {
    await nothingLeft(app, runId, 20);
    expect(await seen(runId)).toEqual(nothingSeen);
  });

  test('stopped from outside in the middle, its sessions are ended', async () => {
    const stopped = 'stopped-from-outside';
    const executionArn = await holdFault(app, 'slow-query', stopped);
    const held = await seen(stopped);
    expect(held.sessions).toBe(5);
    expect(held.waiting).toBeGreaterThan(0);
    expect(held.locks).toBeGreaterThanOrEqual(3);
    await app.sfn.send(new StopExecutionCommand({ executionArn, cause: 'by hand' }));
    await nothingLeft(app, stopped, 100);
    expect(await seen(stopped)).toEqual(nothingSeen);
    expect((await runOf(app, stopped))?.verdict).toBe('ABORTED');
  }, 180_000);

  test('its task is killed: the locks are gone within 3 s, without anybody', async () => {
    const killed = 'killed-task';
    const executionArn = await holdFault(app, 'slow-query', killed);
    const pid = (await runningTask())!.containers[0]!.pid!;
    process.kill(pid, 'SIGKILL');
    const began = performance.now();
    await eventually('no session is left', async () => (await seen(killed)).sessions === 0, 10);
    expect(performance.now() - began).toBeLessThan(3000);
    expect((await seen(killed)).locks).toBe(0);
    await app.sfn.send(new StopExecutionCommand({ executionArn, cause: 'by hand' }));
    await nothingLeft(app, killed, 100);
  }, 180_000);

  test('throttled by ECS and DynamoDB, it is ended all the same', async () => {
    const throttled = 'throttled';
    const executionArn = await holdFault(app, 'slow-query', throttled);
    await app.stack.throttle([
      { service: 'ecs', share: 0.33 },
      { service: 'dynamodb', share: 0.33 },
    ]);
    try {
      await app.sfn.send(new StopExecutionCommand({ executionArn, cause: 'by hand' }));
      await eventually('no session is left', async () => (await seen(throttled)).sessions === 0, 60);
    } finally {
      await app.stack.throttle([]);
    }
    await nothingLeft(app, throttled, 150);
  }, 300_000);
});
