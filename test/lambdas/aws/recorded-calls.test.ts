import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import {
  DescribeServicesCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type RecordedCall, recordCalls } from '../../../lambdas/aws/recorded-calls.ts';

let server: Server;
let endpoint: string;
let status = 200;
let requests = 0;

/** An ECS that answers every call with `status` and a request id; the middleware under test is on a real client. */
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    requests++;
    const body = status === 200 ? '{}' : JSON.stringify({ __type: 'ClientException', message: 'no such service' });
    response
      .writeHead(status, { 'x-amzn-requestid': `req-${requests}`, 'content-type': 'application/x-amz-json-1.1' })
      .end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  status = 200;
  requests = 0;
});

const config = () => ({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });

function aClient(sink?: (call: RecordedCall) => Promise<void>) {
  const calls: RecordedCall[] = [];
  const ecs = new ECSClient(config());
  recordCalls(ecs, 'ecs', sink ?? (async (call) => void calls.push(call)), () => 1234.5);
  return { ecs, calls };
}

const update = new UpdateServiceCommand({ cluster: 'shop', service: 'cache', desiredCount: 0 });

test('a call that changes something is recorded as it was sent, with its request id', async () => {
  const { ecs, calls } = aClient();
  await ecs.send(update);
  expect(calls).toEqual([
    {
      at: 1234.5,
      service: 'ecs',
      operation: 'UpdateService',
      parameters: { cluster: 'shop', service: 'cache', desiredCount: 0 },
      requestId: 'req-1',
      error: null,
    },
  ]);
});

test('reads are not recorded', async () => {
  const { ecs, calls } = aClient();
  await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['cache'] }));
  await ecs.send(new ListTasksCommand({ cluster: 'shop' }));
  const secrets = new SecretsManagerClient(config());
  recordCalls(
    secrets,
    'secretsmanager',
    async (call) => void calls.push(call),
    () => 0,
  );
  await secrets.send(new GetSecretValueCommand({ SecretId: 's' }));
  expect([requests, calls]).toEqual([3, []]);
});

test('a call that failed is recorded with its error and request id, and still fails', async () => {
  const { ecs, calls } = aClient();
  status = 400;
  await expect(ecs.send(update)).rejects.toThrow('no such service');
  expect(calls).toMatchObject([
    { operation: 'UpdateService', requestId: 'req-1', error: expect.stringContaining('no such service') },
  ]);
});

test('a call that could not be recorded fails, and is not recorded as one that failed', async () => {
  const tried: RecordedCall[] = [];
  const { ecs } = aClient(async (call) => {
    tried.push(call);
    throw new Error('the table is full');
  });
  await expect(ecs.send(new RegisterTaskDefinitionCommand({ family: 'f', containerDefinitions: [] }))).rejects.toThrow(
    'the table is full',
  );
  expect(tried.map((c) => c.error)).toEqual([null]);
});

test("a failed call's own error is the one that is told, even when it could not be recorded", async () => {
  const { ecs } = aClient(async () => {
    throw new Error('the table is full');
  });
  status = 400;
  await expect(ecs.send(update)).rejects.toThrow('no such service');
});
