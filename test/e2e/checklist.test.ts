import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { GetScheduleCommand, ResourceNotFoundException, SchedulerClient } from '@aws-sdk/client-scheduler';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Client } from 'pg';
import { createUser } from '../../infra/local/run/operator.ts';
import { routes } from '../../lambdas/api/routes.ts';
import { type Report, reportSchema } from '../../lambdas/report/report.schema.ts';
import { eventually, query, repository } from '../infra/local/probe.ts';
import { tour } from '../support/e2e-api-tour.ts';
import { type Request, SignedClient } from '../support/e2e-signed.ts';
import { DeployedApp } from '../support/e2e-stack.ts';
import { Listener } from '../support/e2e-told.ts';
import { restore } from '../support/restore-script.ts';
import { startPostgres, type TestService } from '../support/services.ts';

/** The execution checklist of a game-day through the deployed machines, judged by what came of each step. */
let app: DeployedApp;
let listener: Listener;
let client: SignedClient;

beforeAll(async () => {
  app = await DeployedApp.deploy();
  await eventually('the application has made its tables', async () => (await rowsOf('users')) !== null, 60);
  listener = await Listener.of(app);
  client = new SignedClient(app.deployment.ApiUrl, app.stack.region, app.operatorCredentials);
}, 180_000);
afterAll(() => app?.stack.stop(), 30_000);

/** Rows of the target's own table, or null where there is none. */
async function rowsOf(table: string): Promise<unknown[] | null> {
  try {
    return await query(app.stack, await app.databaseUrl(), `SELECT * FROM ${table} ORDER BY id`);
  } catch {
    return null;
  }
}

const reportOf = (files: Map<string, string>): Report =>
  reportSchema.parse(JSON.parse(files.get('report.json') ?? 'null'));

const itemOf = ({ summary }: Report, word: RegExp) => summary.checklist.find(({ item }) => word.test(item))!;

async function objectBytes(key: string): Promise<Buffer> {
  const { s3 } = app;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: app.deployment.BucketName, Key: key }));
  return Buffer.from(await Body!.transformToByteArray());
}

describe('a game-day with everything in order', () => {
  let gameDayId: string;
  let files: Map<string, string>;
  let report: Report;
  let before: { users: unknown[] | null };

  beforeAll(async () => {
    const id = '00000000-0000-4000-8000-00000000000';
    const insert = (n: number) => `('${id}${n}', E'tab\\there, line\\nthere and \\\\\\\\N ${n}')`;
    const url = await app.databaseUrl();
    await query(app.stack, url, `INSERT INTO users (id, name) VALUES ${[1, 2, 3].map(insert).join(', ')}`);
    before = { users: await rowsOf('users') };
    const gameDay = await app.startGameDay('cache-failure');
    gameDayId = gameDay.id;
    files = await gameDay.ended();
    report = reportOf(files);
  }, 240_000);

  test('has nothing open that it could do', () => {
    const open = report.summary.checklist.filter(({ done }) => done !== true);
    expect(open.map(({ item }) => item)).toEqual(['Execute each scenario']);
  });

  describe('its backup', () => {
    let postgres: TestService;
    beforeAll(async () => {
      postgres = await startPostgres();
    }, 60_000);
    afterAll(() => postgres?.remove());

    test('was made before the fault, and restores what was there then into an empty database', async () => {
      const manifest = JSON.parse((await objectBytes(`backups/${gameDayId}/manifest.json`)).toString());
      const body = await objectBytes(manifest.object.key);
      const sha256 = createHash('sha256').update(body).digest('hex');
      const { evidence } = itemOf(report, /Backup/);
      expect(evidence).toContain(
        `backups/${gameDayId}/database.sql.gz (${body.length} bytes, SHA-256 ${sha256}, read back)`,
      );
      const [run] = report.scenarios;
      expect(manifest.takenAt).toBeLessThan(run!.phases.fault!.start);

      await restore(gunzipSync(body).toString(), postgres.url);
      const client = new Client({ connectionString: postgres.url });
      await client.connect();
      const { rows: users } = await client.query('SELECT id, name FROM public.users ORDER BY id');
      const counts: Record<string, number> = {};
      for (const { name } of manifest.tables)
        counts[name] = Number((await client.query(`SELECT count(*) FROM ${name}`)).rows[0].count);
      await client.end();
      expect(users).toEqual(before.users!.map(pick));
      expect(users).toHaveLength(3);
      expect(Object.entries(counts)).toEqual(
        manifest.tables.map((t: { name: string; rows: number }) => [t.name, t.rows]),
      );
      expect(Object.keys(counts)).toEqual(['public.sessions', 'public.stories', 'public.users', 'public.whispers']);
    });
  });

  test('told who had subscribed at its start and at its end, and the report has the messages that arrived', async () => {
    const own = await listener.notices(`Game-day ${gameDayId}`);
    expect(own.map(({ Subject }) => Subject).sort()).toEqual([
      'Faultline: game-day on sample begins',
      'Faultline: game-day on sample has ended',
    ]);
    expect(own.map(({ MessageAttributes: { target } }) => target.Value)).toEqual(['sample', 'sample']);
    const { evidence } = itemOf(report, /Notify/);
    for (const { MessageId } of own) expect(evidence).toContain(MessageId);
    expect(own.find(({ Subject }) => /ended/.test(Subject))!.Message).toMatch(/cache-failure: (PASS|FAIL)/);
  });

  test('told programs as well, in events as their schema says, which lead to the report', async () => {
    const events = await listener.events(gameDayId);
    const [run] = report.scenarios;
    const missed = [run!.rto, ...run!.rpo].filter((objective) => objective?.met === false);
    expect(events.map(({ type }) => type)).toEqual([
      'Game-day started',
      'Run ended',
      ...missed.map(() => 'Target missed'),
      'Game-day ended',
    ]);
    expect(events[1]!.detail).toMatchObject({ runId: run!.runId, verdict: run!.verdict, scenario: 'cache-failure' });
    const { detail } = events.at(-1)!;
    if (!('report' in detail && detail.report)) throw new Error('no link to the report');
    const { object, path } = detail.report;
    expect((await objectBytes(object.replace(`s3://${app.deployment.BucketName}/`, ''))).toString()).toMatch(
      /^<!doctype html/i,
    );
    const { status, headers } = await client.send({ method: 'GET', path: `/${path}?format=json` });
    const link = await fetch(headers.get('location')!);
    expect([status, await link.json()]).toEqual([302, JSON.parse(files.get('report.json')!)]);
  });

  test('saw the dashboard that is there', () => {
    const titles = [
      'RTO, percent of its target',
      'RPO of the worst class of data, percent of its target',
      'Recovery time, seconds',
      'Recovery point, seconds',
      'Resilience score',
      'Passed',
      'Lost writes',
    ];
    expect(itemOf(report, /dashboard/)).toMatchObject({
      done: true,
      evidence: `CloudWatch dashboard Faultline shows ${titles.join(', ')}`,
    });
  });

  test('had the way back written down before its first change', () => {
    expect(itemOf(report, /rollback/)).toMatchObject({
      done: true,
      evidence: expect.stringMatching(
        /^cache-failure: undo record \d+\.\d s before the first call, ecs UpdateService$/,
      ),
    });
  });

  test('kept what the application and its cache logged, and shows what was logged from the fault on', () => {
    const [run] = report.scenarios;
    const logs = new Map(run!.logs.map((log) => [log.group, log]));
    expect([...logs.keys()]).toEqual([
      '/faultline/sample/app',
      '/faultline/sample/database',
      '/faultline/sample/cache',
    ]);
    for (const { problem, before: first, after } of logs.values()) {
      expect(problem).toBeNull();
      expect([first, after]).not.toContain(null);
    }
    expect(logs.get('/faultline/sample/cache')!.during!.lines).toBeGreaterThan(0);
    const kept = files.get(`runs/${run!.runId}/logs/3-faultline-sample-cache.jsonl`)!;
    expect(kept).toMatch(/SIGTERM|shutdown/i);
    expect(files.get('report.md')).toContain('tail -f /faultline/sample/cache');
  });

  test('names what it found with its versions', () => {
    const [run] = report.scenarios;
    for (const tool of [
      /^PostgreSQL 18\S* \(target\)$/,
      /^Redis \d\S* \(target\)$/,
      /^nodejs v24\S* \(target\)$/,
      /^locust \S+ \(load generation\)$/,
    ])
      expect(run!.tools).toContainEqual(expect.stringMatching(tool));
  });
});

describe('a schedule made through the API', () => {
  const name = 'minutely';
  let last: { scheduledTime: string; gameDayId: string };

  const read = async () => (await client.send({ method: 'GET', path: `/schedules/${name}` })).body;
  const startedBySchedule = async () =>
    (await client.send({ method: 'GET', path: '/game-days?limit=100' })).body.items.filter(
      (gameDay: { startedBy: string }) => gameDay.startedBy === `schedule ${name}`,
    );

  beforeAll(async () => {
    const body = { name, expression: 'rate(1 minute)', target: 'sample', scenarios: ['control'] };
    expect(await client.send({ method: 'POST', path: '/schedules', body })).toMatchObject({ status: 201 });
    // Its first time is at once; the emulator looks every ten seconds.
    last = await eventually('the schedule was delivered', async () => (await read()).last ?? false, 30);
  }, 40_000);

  test('really starts a game-day', async () => {
    expect(last).toMatchObject({ outcome: 'started', scheduledTime: expect.stringMatching(/^2\d{3}-.*:\d\dZ$/) });
    expect(await startedBySchedule()).toMatchObject([{ gameDayId: last.gameDayId, scenarios: ['control'] }]);
    await eventually('its load runs', async () => (await app.loadTasks()).length > 0, 60);
  }, 70_000);

  test('starts one for the same delivery, made twice more', async () => {
    const { sfn } = app;
    const input = JSON.stringify({ schedule: name, scheduledTime: last.scheduledTime });
    const again = () =>
      sfn.send(new StartExecutionCommand({ stateMachineArn: app.machineArn('faultline-scheduled-start'), input }));
    const both = await Promise.all([again(), again()]);
    const ends = await Promise.all(both.map(({ executionArn }) => app.executionEnd(executionArn!, 30)));
    const outputs = ends.map(({ status, output }) => [status, JSON.parse(output ?? 'null')?.status]);
    expect(outputs).toEqual([
      ['SUCCEEDED', 'started'],
      ['SUCCEEDED', 'started'],
    ]);
    expect(await startedBySchedule()).toHaveLength(1);
  }, 40_000);

  test('is gone when it is deleted, and what it started can be stopped', async () => {
    expect(await client.send({ method: 'DELETE', path: `/schedules/${name}` })).toMatchObject({ status: 204 });
    const schedule = new GetScheduleCommand({ Name: name, GroupName: 'faultline' });
    await expect(new SchedulerClient(app.root).send(schedule)).rejects.toThrow(ResourceNotFoundException);
    const { gameDayId } = last;
    const stop = { method: 'POST', path: `/game-days/${gameDayId}/stop`, body: { reason: 'seen enough' } };
    expect(await client.send(stop)).toMatchObject({ status: 202, body: { stopped: [`${gameDayId}-control`] } });
    await eventually('its report is there', async () => (await app.operator.report(gameDayId)).has('report.json'), 60);
    expect(reportOf(await app.operator.report(gameDayId)).scenarios).toMatchObject([{ verdict: 'ABORTED' }]);
    // While it went on its schedule may have been due again, and was left out.
    const events = (await listener.events(gameDayId)).filter(({ type }) => type !== 'Scheduled start not made');
    expect(events.map(({ type }) => type)).toEqual(['Game-day started', 'Run ended', 'Game-day ended']);
    expect(events.at(-1)).toMatchObject({ detail: { stopped: { reason: 'seen enough' } } });
  }, 80_000);
});

describe('the API, through its gateway', () => {
  test('answers a signed client on every route', async () => {
    const [gameDay] = (await client.send({ method: 'GET', path: '/game-days' })).body.items;
    const { runId } = gameDay.runs[0];
    const answers = await tour(client, { gameDayId: gameDay.gameDayId, runId, target: 'sample' });
    const stops = ['/game-days/{gameDayId}/stop', '/runs/{runId}/stop'];
    const known = routes.filter(({ path }) => !stops.includes(path));
    expect(known.map(({ method, path }) => [`${method} ${path}`, answers.get(`${method} ${path}`)])).toEqual(
      known.map(({ method, path, answers: of }) => [`${method} ${path}`, Number(Object.keys(of)[0])]),
    );
  }, 40_000);

  test('refuses what is unsigned, signed with a wrong key, or altered since, and does nothing of it', async () => {
    const pull: Request = { method: 'PUT', path: '/safety-lever', body: { pulled: true, reason: 'a forgery' } };
    const release = { pulled: false, reason: 'by the one who may' };
    const { ApiUrl } = app.deployment;
    const keyOf = (changes: object) =>
      new SignedClient(ApiUrl, app.stack.region, { ...app.operatorCredentials, ...changes });
    const stranger = await createUser(app.stack, 'stranger');
    const answers = {
      unsigned: await client.send(pull, { headers: () => ({ 'content-type': 'application/json' }) }),
      'with a wrong secret': await keyOf({ secretAccessKey: 'w'.repeat(40) }).send(pull),
      'of a key that there is not': await keyOf({ accessKeyId: `AKIA${'Z'.repeat(16)}` }).send(pull),
      'with another body': await client.send({ ...pull, body: release }, { body: pull.body }),
      'by a user without the policy': await new SignedClient(ApiUrl, app.stack.region, stranger).send(pull),
    };
    expect(Object.fromEntries(Object.entries(answers).map(([what, { status }]) => [what, status]))).toEqual({
      unsigned: 403,
      'with a wrong secret': 403,
      'of a key that there is not': 403,
      'with another body': 403,
      'by a user without the policy': 403,
    });
    const { body } = await client.send({ method: 'GET', path: '/safety-lever' });
    expect([body.pulled, JSON.stringify(body.history)]).toEqual([false, expect.not.stringContaining('forgery')]);
  });
});

const pick = (user: unknown) => {
  const { id, name } = user as { id: string; name: string };
  return { id, name };
};

/** What the one line of docs/cli.md that starts a run with curl prints. */
async function documentedLine(): Promise<string> {
  const [line] = /^curl .*$/m.exec(readFileSync(join(repository, 'docs', 'cli.md'), 'utf8'))!;
  const { accessKeyId, secretAccessKey } = app.operatorCredentials;
  const env = {
    ...{ PATH: process.env.PATH, AWS_REGION: app.stack.region, FAULTLINE_API: app.deployment.ApiUrl },
    ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
  };
  // Not synchronously: the way in to the stack is in this process.
  const { stdout } = await promisify(execFile)('bash', ['-c', line], { env, timeout: 30_000 });
  return stdout;
}

describe('where the target requires a backup and none can be had, a start by curl', () => {
  let files: Map<string, string>;

  beforeAll(async () => {
    const ssm = new SSMClient(app.root);
    const Name = '/faultline/targets/sample';
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
    const target = {
      ...JSON.parse(Parameter!.Value!),
      backup: { hook: 'faultline-backup-none' },
      safety: { requireBackup: true },
    };
    await ssm.send(new PutParameterCommand({ Name, Value: JSON.stringify(target), Type: 'String', Overwrite: true }));
    await listener.unsubscribe();
    const { gameDayId } = JSON.parse(await documentedLine());
    await eventually('the game-day ends', async () => (await app.operator.status(gameDayId)).status !== 'RUNNING', 60);
    files = await app.operator.report(gameDayId);
  }, 120_000);

  test('no run starts, and the report says why', async () => {
    const report = reportOf(files);
    expect(report.scenarios).toEqual([]);
    const { reason } = report.notRun.find(({ id }) => id === 'cache-failure')!;
    expect(reason).toMatch(/the target requires a backup, and there is none: .*faultline-backup-none/);
    expect(itemOf(report, /Backup/)).toMatchObject({
      done: false,
      evidence: expect.stringMatching(/faultline-backup-none/),
    });
    expect(await app.items('lease')).toEqual([]);
    expect(await app.counts('cache')).toEqual({ desired: 1, running: 1 });
  });

  test('what nobody is subscribed to is open', () => {
    expect(itemOf(reportOf(files), /Notify/)).toMatchObject({
      done: false,
      evidence: expect.stringMatching(
        /^start told by SNS message \S+, but nobody is subscribed; end told .*nobody is subscribed$/,
      ),
    });
  });
});
