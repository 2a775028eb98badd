import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { EvidenceClient } from '../../../lambdas/evidence/evidence.client.ts';
import { windowSummarySchema } from '../../../lambdas/evidence/window.ts';
import { faultlinePython } from '../../support/python.ts';
import { end, freePort } from '../../support/services.ts';
import { fixture, LocustRun } from './locust-run.ts';
import { TargetServer } from './target-server.ts';

jest.setTimeout(60_000);

/** A way to the AWS emulator that can be broken: it hangs, refuses, or passes everything on. */
class Relay {
  mode: 'hang' | 'refuse' | 'pass' = 'hang';
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(port: number) {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      if (this.mode === 'refuse') return socket.destroy();
      if (this.mode === 'pass') {
        const onward = connect(port, '127.0.0.1');
        this.sockets.add(onward);
        onward.on('error', () => socket.destroy());
        socket.pipe(onward).pipe(socket);
      }
    });
  }

  listen = (port: number) => new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const region = 'eu-central-1';

let ministack: ChildProcess;
let folder: string;
let relay: Relay;
let relayPort: number;
let s3: S3Client;
let dynamodb: DynamoDBClient;
let target: TargetServer;

beforeAll(async () => {
  target = await TargetServer.start();
  folder = await mkdtemp(join(tmpdir(), 'faultline-ministack-'));
  const port = await freePort();
  ministack = spawn(faultlinePython(), ['-m', 'ministack'], {
    cwd: folder,
    stdio: 'ignore',
    env: {
      ...{ PATH: process.env.PATH, HOME: folder, TMPDIR: folder, STATE_DIR: folder, S3_DATA_DIR: join(folder, 's3') },
      ...{ BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(port), SFTP_ENABLED: '0', IOT_MTLS_ENABLED: '0' },
      ...{ DOCKER_HOST: `unix://${folder}/none`, PYTHONDONTWRITEBYTECODE: '1' },
    },
  });
  const endpoint = `http://127.0.0.1:${port}`;
  await answers(endpoint);
  const config = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  s3 = new S3Client({ ...config, forcePathStyle: true });
  dynamodb = new DynamoDBClient(config);
  await s3.send(new CreateBucketCommand({ Bucket: 'evidence' }));
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'runs',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  relay = new Relay(port);
  relayPort = await freePort();
  await relay.listen(relayPort);
}, 30_000);

afterAll(async () => {
  await target?.stop();
  await relay?.close();
  if (ministack) await end(ministack);
  s3?.destroy();
  dynamodb?.destroy();
  await rm(folder, { recursive: true, force: true });
});

async function answers(endpoint: string): Promise<void> {
  for (let left = 300; ; left--) {
    try {
      await fetch(`${endpoint}/_ministack/health`);
      return;
    } catch (error) {
      if (left === 0) throw error;
      await sleep(100);
    }
  }
}

test('what could not be written for a while, in silence and then by refusal, is all there in the end', async () => {
  const env = {
    ...credentials,
    AWS_REGION: region,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${relayPort}`,
    FAULTLINE_TABLE: 'runs',
    FAULTLINE_BUCKET: 'evidence',
  };
  const run = await LocustRun.start({ file: fixture('marked.py'), host: target.url, users: 6, env });
  try {
    await run.until('the load', () => target.requests > 0);
    await sleep(4000);
    relay.mode = 'refuse';
    await sleep(3000);
    expect(await items()).toEqual([]);
    run.master.kill('SIGTERM');
    await sleep(1000);
    relay.mode = 'pass';
    await run.ended();

    const evidence = new EvidenceClient(s3, 'evidence');
    const windows = await evidence.windows(run.runId);
    const generator = (await evidence.generator(run.runId))!;
    const requests = windows.flatMap((w) => w.cells).reduce((sum, c) => sum + c.count, 0);
    expect(requests).toBe(run.aggregated().requests);
    expect(requests).toBe(target.requests);
    expect(generator.windows).toEqual(generator.locust);
    const acked = (await evidence.ledger(run.runId)).filter((e) => e.outcome === 'acked');
    expect(acked).toHaveLength(target.served.get('/status/201')!);

    const summaries = (await items()).map((i) => windowSummarySchema.parse(i.data));
    expect(summaries.map((s) => s.t).sort()).toEqual(windows.map((w) => w.t).sort());
    expect(summaries.reduce((sum, s) => sum + s.requests, 0)).toBe(requests);

    const { delivery } = JSON.parse((await evidence.get(`runs/${run.runId}/generator.json`))!);
    expect(delivery.errors).toBeGreaterThanOrEqual(2);
    expect(delivery.lastError).toMatch(/^(ReadTimeout|EndpointConnection|ConnectionClosed)/);
    expect(run.master.output).toMatch(/faultline: .* not written/);
    // The master went on with its work while its calls hung.
    expect(generator.master.lagMaxMs).toBeLessThan(1000);
  } finally {
    await run.remove();
  }
});

async function items() {
  const client = DynamoDBDocumentClient.from(dynamodb);
  const query = {
    TableName: 'runs',
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': 'run#test-run' },
  };
  return (await client.send(new QueryCommand(query))).Items ?? [];
}
