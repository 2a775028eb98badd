import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { LogsClient } from '../../../lambdas/logs/logs.client.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
let client: CloudWatchLogsClient;
const limits = { lines: 100, bytes: 10_000, messageCharacters: 50 };
/** CloudWatch Logs takes no events of long ago. */
const now = Math.floor(Date.now() / 1000);

beforeAll(async () => {
  store = await startStore();
  client = new CloudWatchLogsClient(store.config);
  await client.send(new CreateLogGroupCommand({ logGroupName: '/shop/app' }));
  for (const stream of ['one', 'two']) {
    await client.send(new CreateLogStreamCommand({ logGroupName: '/shop/app', logStreamName: stream }));
    const logEvents = Array.from({ length: 60 }, (_, i) => ({
      timestamp: (now - 60 + i) * 1000 + (stream === 'two' ? 500 : 0),
      message: `${stream} ${i} ${'x'.repeat(100)}`,
    }));
    await client.send(new PutLogEventsCommand({ logGroupName: '/shop/app', logStreamName: stream, logEvents }));
  }
}, 40_000);
afterAll(() => store.stop());

const between = (from: number, to: number, changes: Partial<typeof limits> = {}) =>
  new LogsClient(client).between('/shop/app', now + from, now + to, { ...limits, ...changes });

test('lines of all streams are in the order of their times, from the beginning and not to the end', async () => {
  const { lines, cut } = await between(-60, -57);
  expect(cut).toBe(false);
  expect(lines.map(({ at, stream }) => [at - now, stream])).toEqual([
    [-60, 'one'],
    [-59.5, 'two'],
    [-59, 'one'],
    [-58.5, 'two'],
    [-58, 'one'],
    [-57.5, 'two'],
  ]);
  expect(lines[0]!.message).toHaveLength(50);
});

test('more lines or more bytes than the limits are cut, and it is told', async () => {
  expect(await between(-60, 0)).toMatchObject({ lines: { length: 100 }, cut: true });
  expect(await between(-60, -10)).toMatchObject({ lines: { length: 100 }, cut: false });
  expect(await between(-60, 0, { bytes: 520 })).toMatchObject({ lines: { length: 10 }, cut: true });
});

test('a group that is not there is an error by name', async () => {
  const missing = new LogsClient(client).between('/shop/none', now - 10, now, limits);
  await expect(missing).rejects.toThrow(expect.objectContaining({ name: 'ResourceNotFoundException' }));
});
