import {
  CancelCommandCommand,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  type GetCommandInvocationResult,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { hostUnavailable } from '../../../../infra/local/host/unavailable.ts';
import { type LocalStack, type ManagedHostHandle, startLocalStack } from '../../../../infra/local/stack.ts';
import { freePort } from '../../../support/services.ts';
import { eventually, python } from '../probe.ts';

const instanceId = 'i-0123456789abcdef0';
const optIn = { 'faultline:opt-in': 'true' };
const environment = { DATABASE_URL: 'postgres://nobody@198.18.0.1:9/none', REDIS_URL: 'redis://198.18.0.1:9' };

let unavailable: string | null;
let stack: LocalStack;
let host: ManagedHostHandle;
let ssm: SSMClient;

beforeAll(async () => {
  unavailable = await hostUnavailable();
  if (unavailable !== null) return void process.stderr.write(`no managed host on this machine: ${unavailable}\n`);
  stack = await startLocalStack({ python, port: await freePort() });
  host = await stack.startHost({ name: 'app', instanceId, tags: optIn, program: { environment } });
  ssm = new SSMClient({ endpoint: stack.endpoint, region: stack.region, credentials: stack.root });
}, 90_000);
afterAll(() => stack?.stop());

/** Where no guest can be had the test passes, and why is printed. */
const guestTest = (name: string, work: () => Promise<void>) =>
  test(name, async () => void (unavailable === null && (await work())), 60_000);

async function send(DocumentName: string, given: Record<string, string>): Promise<string> {
  const Parameters = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, [value]]));
  const command = new SendCommandCommand({ DocumentName, InstanceIds: [instanceId], Parameters, TimeoutSeconds: 30 });
  return (await ssm.send(command)).Command!.CommandId!;
}

const ended = (id: string): Promise<GetCommandInvocationResult> =>
  eventually(`the end of command ${id}`, async () => {
    const found = await ssm.send(new GetCommandInvocationCommand({ CommandId: id, InstanceId: instanceId }));
    return !['Pending', 'InProgress', 'Cancelling'].includes(found.Status!) && found;
  });

async function run(name: string, parameters: Record<string, string>): Promise<string> {
  const { Status, StandardOutputContent, StandardErrorContent } = await ended(await send(name, parameters));
  if (Status !== 'Success') throw new Error(`${name} ${Status}: ${StandardErrorContent}`);
  return StandardOutputContent!;
}

/** Milliseconds of a TCP handshake with the application's port, from outside the host; the median of three. */
async function handshakeMs(): Promise<number> {
  const program = `import socket, time
times = []
for _ in range(3):
    began = time.monotonic()
    socket.create_connection(("${host.address}", 8000), 5).close()
    times.append(time.monotonic() - began)
print(sorted(times)[1] * 1000)`;
  const { code, stdout, stderr } = await stack.exec([python, '-c', program]);
  if (code !== 0) throw new Error(stderr);
  return Number(stdout);
}

const informationOf = async () => {
  const Filters = [{ Key: 'tag:faultline:opt-in', Values: ['true'] }];
  return (await ssm.send(new DescribeInstanceInformationCommand({ Filters }))).InstanceInformationList![0]!;
};

guestTest('a guest is a managed host like any other', async () => {
  expect(await informationOf()).toMatchObject({
    InstanceId: instanceId,
    PingStatus: 'Online',
    ComputerName: 'app',
    IPAddress: host.address,
  });
});

guestTest('a document sent to it has its effect, and the one that reverts takes it back', async () => {
  await eventually('the application answers', () => handshakeMs().catch(() => undefined));
  const before = await handshakeMs();
  const now = Math.floor(Date.now() / 1000);
  const parameters = { RunId: 'guest-run', NotAfter: String(now + 20), Deadline: String(now + 60), DelayMs: '300' };
  await run('Faultline-NetworkLatency', parameters);
  const during = await handshakeMs();
  const status = JSON.parse(await run('Faultline-Status', { RunId: 'guest-run' }));
  await run('Faultline-Revert', { RunId: 'guest-run', Fault: 'network-latency' });
  const after = await handshakeMs();
  expect(during - before).toBeGreaterThan(270);
  expect(during - before).toBeLessThan(330);
  expect(after).toBeLessThan(before + 100);
  expect(status).toMatchObject({ delayMs: 300, faults: [{ runId: 'guest-run', state: 'active' }] });
});

guestTest('what a document refuses is told in its own words', async () => {
  const parameters = { RunId: 'late-run', NotAfter: '1', Deadline: String(Math.floor(Date.now() / 1000) + 60) };
  const found = await ended(await send('Faultline-CpuSaturation', parameters));
  expect(found).toMatchObject({
    Status: 'Failed',
    ResponseCode: 66,
    StandardErrorContent: expect.stringMatching(/\w/),
  });
  expect((await host.run('pgrep stress-ng')).stdout).toBe('');
});

guestTest('a host without power is told as such, and a command for it waits until it is cancelled', async () => {
  await host.stop();
  expect(await informationOf()).toMatchObject({ PingStatus: 'ConnectionLost' });
  const id = await send('Faultline-Status', {});
  const found = () => ssm.send(new GetCommandInvocationCommand({ CommandId: id, InstanceId: instanceId }));
  await eventually('it is delayed', async () => (await found()).StatusDetails === 'Delayed');
  await ssm.send(new CancelCommandCommand({ CommandId: id }));
  expect(await ended(id)).toMatchObject({ Status: 'Cancelled', ResponseCode: -1 });
});
