import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Client } from 'pg';
import { type Report, reportSchema } from '../../lambdas/report/report.schema.ts';
import { eventually, query } from '../infra/local/probe.ts';
import { DeployedApp } from '../support/e2e-stack.ts';
import { restore } from '../support/restore-script.ts';
import { startPostgres, type TestService } from '../support/services.ts';

/** The execution checklist of a game-day through the deployed machines, judged by what came of each step. */
let app: DeployedApp;
let queue: { url: string; subscription: string };

beforeAll(async () => {
  app = await DeployedApp.deploy();
  await eventually('the application has made its tables', async () => (await rowsOf('users')) !== null, 60);
  queue = await subscribedQueue();
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

/** Somebody who wants to be told. */
async function subscribedQueue() {
  const sqs = new SQSClient(app.root);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'team' }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: Attributes!.QueueArn,
      },
    ],
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const subscribe = new SubscribeCommand({
    TopicArn: app.deployment.TopicArn,
    Protocol: 'sqs',
    Endpoint: Attributes!.QueueArn,
    ReturnSubscriptionArn: true,
  });
  const { SubscriptionArn } = await new SNSClient(app.root).send(subscribe);
  return { url: QueueUrl!, subscription: SubscriptionArn! };
}

interface Delivered {
  MessageId: string;
  Subject: string;
  Message: string;
}

async function received(): Promise<Delivered[]> {
  const sqs = new SQSClient(app.root);
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queue.url, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );
  return Messages.map(({ Body }) => JSON.parse(Body!));
}

const reportOf = (files: Map<string, string>): Report =>
  reportSchema.parse(JSON.parse(files.get('report.json') ?? 'null'));

const itemOf = ({ summary }: Report, word: RegExp) => summary.checklist.find(({ item }) => word.test(item))!;

async function objectBytes(key: string): Promise<Buffer> {
  const s3 = new S3Client(app.root);
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
    const own = (await received()).filter(({ Message }) => Message.includes(`Game-day ${gameDayId}`));
    expect(own.map(({ Subject }) => Subject).sort()).toEqual([
      'Faultline: game-day on sample begins',
      'Faultline: game-day on sample has ended',
    ]);
    const { evidence } = itemOf(report, /Notify/);
    for (const { MessageId } of own) expect(evidence).toContain(MessageId);
    expect(own.find(({ Subject }) => /ended/.test(Subject))!.Message).toMatch(/cache-failure: (PASS|FAIL)/);
  });

  test('saw the dashboard that is there', () => {
    expect(itemOf(report, /dashboard/)).toMatchObject({
      done: true,
      evidence: 'CloudWatch dashboard Faultline shows Resilience score, Recovery time, seconds, Passed, Lost writes',
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

const pick = (user: unknown) => {
  const { id, name } = user as { id: string; name: string };
  return { id, name };
};

describe('where the target requires a backup and none can be had', () => {
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
    await new SNSClient(app.root).send(new UnsubscribeCommand({ SubscriptionArn: queue.subscription }));
    const gameDay = await app.startGameDay('cache-failure');
    files = await gameDay.ended();
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
