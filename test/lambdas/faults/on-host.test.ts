import { join } from 'node:path';
import { SSMClient } from '@aws-sdk/client-ssm';
import { type LocalStack, type ManagedHostHandle, startLocalStack } from '../../../infra/local/stack.ts';
import { systemClock } from '../../../lambdas/aws/clock.ts';
import type { EcsServices } from '../../../lambdas/aws/ecs-services.client.ts';
import { type BoundFault, type FaultIo, FaultWithoutEffect, type Proof } from '../../../lambdas/faults/fault.ts';
import { bindFault } from '../../../lambdas/faults/registry.ts';
import { Hosts } from '../../../lambdas/hosts/hosts.client.ts';
import type { Probes } from '../../../lambdas/observer/probes.ts';
import { hostsOf } from '../../../lambdas/safety/leased-resources.ts';
import type { SlowQueryIo } from '../../../lambdas/slow-query/slow-query-io.ts';
import { guestTest, unavailable } from '../../infra/local/host/guest-test.ts';
import { eventually } from '../../infra/local/probe.ts';
import { faultlinePython } from '../../support/python.ts';
import { freePort } from '../../support/services.ts';
import { aRun } from '../support/run.ts';
import { aTarget } from '../support/target.ts';

// Real faults on a real kernel, through the local Run Command: what only the clients and the guest together can show.
jest.setTimeout(90_000);

const tag = { key: 'faultline:target', value: 'sample' };
const target = aTarget({ hosts: { tag, process: { name: 'sample-app' } } });
const roundTrip = join(import.meta.dirname, '..', '..', '..', 'lambdas', 'observer', 'round-trip.ts');

let stack: LocalStack;
let host: ManagedHostHandle;
let io: FaultIo;

beforeAll(async () => {
  if (unavailable !== null) return;
  stack = await startLocalStack({ python: faultlinePython(), port: await freePort() });
  try {
    const environment = { DATABASE_URL: 'postgres://nobody@198.18.0.1:9/none', REDIS_URL: 'redis://198.18.0.1:9' };
    host = await stack.startHost({
      name: 'app',
      instanceId: 'i-0123456789abcdef0',
      tags: { [tag.key]: tag.value, 'faultline:opt-in': 'true' },
      program: { environment },
    });
    await eventually('the application answers', isServing, 30);
  } catch (error) {
    await stack.stop();
    throw error;
  }
  const { endpoint, region, root: credentials } = stack;
  io = {
    target,
    clock: systemClock,
    ecs: {} as EcsServices,
    slowQuery: {} as SlowQueryIo,
    hosts: new Hosts(new SSMClient({ endpoint, region, credentials }), systemClock),
    probes: { roundTrip: fromTheNetwork } as unknown as Probes,
  };
}, 60_000);
afterAll(() => stack?.stop());

/** The product's own handshakes, from where the Lambdas are: in the run's network. */
async function fromTheNetwork(address: string, port: number, timeoutMs: number) {
  const script = `import { roundTripMs } from '${roundTrip}'; console.log(await roundTripMs(...${JSON.stringify([address, port, timeoutMs])}))`;
  const { stdout, stderr } = await stack.exec([process.execPath, '--input-type=module', '-e', script]);
  return stdout ? { ms: Number(stdout) } : { error: stderr };
}

async function aFault(id: string, parameters: Record<string, number> = {}) {
  const fault = bindFault({ id, parameters });
  const run = aRun({ target, hosts: await hostsOf(io) });
  const original = await eventually('the host is not busy with what was before', () =>
    fault.capture(io, run).catch((error: Error) => {
      if (!/is busy already/.test(error.message)) throw error;
      return undefined;
    }),
  );
  return { fault, run, original: JSON.parse(JSON.stringify(original)) };
}

async function proven(look: () => Promise<Proof>, seconds: number): Promise<string> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const { proven: isProven, detail } = await look();
    if (isProven) return detail;
    if (Date.now() > until) throw new Error(`not proven within ${seconds} s: ${detail}`);
  }
}

const root = (script: string) => host.run(script);

/** The application's process; undefined while there is none. */
async function processOf(): Promise<number | undefined> {
  const { code, stdout } = await root('pgrep -o -x sample-app');
  return code === 0 ? Number(stdout) : undefined;
}
/** One that has just been started has no name yet, and does not listen. */
const isServing = async () =>
  (await root(`: <>/dev/tcp/${host.address}/${new URL(target.endpoint).port} && pgrep -x sample-app`)).code === 0;

guestTest.each<[string, RegExp]>([
  ['network-latency', /^app: TCP handshake [\d.]+ ms before, 5\d\d\.\d ms now \(\+(4[5-9]|5[0-4])\d\.\d ms\)/],
  ['memory-pressure', /^app: available memory \d+ MB before, \d+ MB now \(([1-4]?\d) % of it\)/],
  ['cpu-saturation', /^app: CPU idle \d+ % before, (1[0-4]|\d) % now$/],
  ['process-kill', /^app: PID \d+, started .*, before, (no process|PID \d+, started .*,) now$/],
])('%s lands on a host, is proven by figures, and is gone again', async (id, figures) => {
  // A host that the test before has killed the application on.
  await eventually('the application answers', isServing);
  const { fault, original } = await aFault(id);
  const { pid } = original.hosts[0].before.status.process;
  await fault.inject(io, original);
  // Sent twice, it is done once.
  await fault.inject(io, original);
  const landed = await proven(() => fault.prove(io, original), 20);
  expect(landed).toMatch(figures);
  await fault.revert(io, original);
  await fault.revert(io, original);
  const gone = await proven(() => fault.proveGone(io, original), 20);
  process.stdout.write(`${landed}\n${gone}\n`);
  await eventually('the application answers', isServing);
  const running = await processOf();
  expect(running === pid).toBe(id !== 'process-kill');
});

guestTest('a host on which the application does not run is left alone', async () => {
  await root('mount --bind /bin/false /node; pkill -KILL -x sample-app');
  try {
    await expect(aFault('network-latency')).rejects.toThrow(
      "host app has no process of the application: no 'sample-app' runs there",
    );
  } finally {
    await root('umount -l /node');
  }
  await eventually('the application answers', isServing);
});

guestTest('a host that has a fault takes no other, and says whose it has', async () => {
  const first = await aFault('network-latency');
  const second = await aFault('cpu-saturation');
  await first.fault.inject(io, first.original);
  try {
    const refused = second.fault.inject(io, second.original);
    await expect(refused).rejects.toThrow(`network-latency of run ${first.run.runId} is active on this host`);
  } finally {
    await second.fault.revert(io, second.original);
    await first.fault.revert(io, first.original);
  }
  expect((await proven(() => first.fault.proveGone(io, first.original), 20)).length).toBeGreaterThan(0);
});

guestTest('a fault that was reverted before its command arrived does not begin', async () => {
  const { fault, original } = await aFault('network-latency');
  await fault.revert(io, original);
  await expect(fault.inject(io, original)).rejects.toThrow(/was reverted on this host/);
  expect((await fault.prove(io, original)).proven).toBe(false);
});

describe('a tool that says it did what it did not', () => {
  /** While `work` is done, the program does nothing, with success. */
  async function without(program: string, work: () => Promise<void>): Promise<void> {
    const { code, stderr } = await root(`mount --bind /bin/true "$(command -v ${program})"`);
    expect([code, stderr]).toEqual([0, '']);
    try {
      await work();
    } finally {
      await root(`umount "$(command -v ${program})"`);
    }
  }

  async function isWithoutEffect(fault: BoundFault, original: unknown): Promise<boolean> {
    try {
      await fault.inject(io, original);
    } catch (error) {
      return error instanceof FaultWithoutEffect;
    }
    return !(await fault.prove(io, original)).proven;
  }

  guestTest.each([
    ['stress-ng', 'memory-pressure'],
    ['stress-ng', 'cpu-saturation'],
    ['tc', 'network-latency'],
  ])('%s: %s is without effect, and gone', async (program, id) => {
    const { fault, original } = await aFault(id);
    await without(program, async () => expect(await isWithoutEffect(fault, original)).toBe(true));
    await fault.revert(io, original);
    await proven(() => fault.proveGone(io, original), 20);
  });
});
