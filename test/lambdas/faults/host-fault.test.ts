import { type BoundFault, FaultRefused, FaultWithoutEffect } from '../../../lambdas/faults/fault.ts';
import { bindFault } from '../../../lambdas/faults/registry.ts';
import { HostCommandFailed, HostOffline } from '../../../lambdas/hosts/host-errors.ts';
import type { ManagedHost } from '../../../lambdas/hosts/hosts.client.ts';
import { fakeClock } from '../support/clock.ts';
import { aHost, FakeHosts, type HostState, hostTarget } from '../support/hosts.ts';
import { aRun, start } from '../support/run.ts';
import { aTarget } from '../support/target.ts';

const networkLatency = bindFault({ id: 'network-latency', parameters: { delayMs: 500 } });
const memoryPressure = bindFault({ id: 'memory-pressure', parameters: {} });
const cpuSaturation = bindFault({ id: 'cpu-saturation', parameters: {} });
const processKill = bindFault({ id: 'process-kill', parameters: {} });
const all: [string, BoundFault, document: string][] = [
  ['network-latency', networkLatency, 'Faultline-NetworkLatency'],
  ['memory-pressure', memoryPressure, 'Faultline-MemoryPressure'],
  ['cpu-saturation', cpuSaturation, 'Faultline-CpuSaturation'],
  ['process-kill', processKill, 'Faultline-ProcessKill'],
];

function on(managed?: ManagedHost[]) {
  const clock = fakeClock(start);
  const hosts = new FakeHosts(clock, managed);
  const run = aRun({
    target: hostTarget,
    hosts: hosts.refs,
    seconds: { baseline: 15, fault: 20, recoveryLimit: 60, after: 10 },
  });
  return { clock, hosts, io: hosts.io(), run };
}

/** As it comes back from the undo record. */
async function captured(fault: BoundFault, { io, run }: ReturnType<typeof on>) {
  return JSON.parse(JSON.stringify(await fault.capture(io, run)));
}

describe('before a run begins, hosts are refused', () => {
  test.each<[string, ManagedHost[], RegExp]>([
    ['of which there is none', [], /no managed host has the tag app = shop of target 'shop'/],
    ['without the opt-in tag', [aHost(1, { optedIn: false })], /host app-1 .* has not the tag faultline:opt-in = true/],
    ['that are offline', [aHost(1), aHost(2, { online: false })], /host app-2 .* is offline: its SSM agent/],
    ['that do not run Linux', [aHost(1, { platform: 'Windows' })], /runs Windows/],
  ])('%s', async (_what, managed, reason) => {
    const { hosts, io } = on(managed);
    const checked = networkLatency.check(io);
    await expect(checked).rejects.toThrow(FaultRefused);
    await expect(checked).rejects.toThrow(reason);
    expect(hosts.sent).toEqual([]);
  });

  test('where the target has no managed hosts at all', async () => {
    const io = { ...on().io, target: aTarget() };
    expect(networkLatency.lacks(io.target)).toBe('no managed hosts');
    expect(networkLatency.lacks(hostTarget)).toBeNull();
    await expect(networkLatency.touches(io)).rejects.toThrow('this scenario does not apply to it');
    await expect(networkLatency.check(io)).rejects.toThrow(FaultRefused);
  });
});

test('each host that would be touched is told by its id', async () => {
  const { io } = on([aHost(1), aHost(2)]);
  expect(await processKill.touches(io)).toEqual([
    { kind: 'host', id: aHost(1).instanceId, change: 'host app-1: SIGKILL once to shop-app' },
    { kind: 'host', id: aHost(2).instanceId, change: 'host app-2: SIGKILL once to shop-app' },
  ]);
});

describe('a host on which the fault would not show, or not end in time, is refused before anything is sent', () => {
  test.each<[string, BoundFault, Partial<HostState>, RegExp]>([
    ['whose clock is wrong', networkLatency, { clockOffset: -40 }, /host app-1 has a clock that is 40 s off/],
    ['whose CPU is busy already', cpuSaturation, { idle: 0.1 }, /host app-1 is busy already: .* idle for 10 %/],
    [
      'where the application does not run',
      networkLatency,
      { process: null },
      /host app-1 has no process of the application: no 'shop-app' runs there/,
    ],
    ['without a process to kill', processKill, { process: null }, /host app-1 has no process of the application/],
  ])('%s', async (_what, fault, state, reason) => {
    const world = on();
    Object.assign(world.hosts.one, state);
    await expect(captured(fault, world)).rejects.toThrow(reason);
    expect(world.hosts.changes).toEqual([]);
  });

  test('that cannot be reached', async () => {
    const world = on();
    const run = { ...world.run, hosts: [{ ...world.run.hosts[0]!, address: '198.18.9.9' }] };
    await expect(networkLatency.capture(world.io, run)).rejects.toThrow('host app-1 cannot be reached: no answer');
  });
});

test.each(all)(
  '%s is sent to each host with the times after which it neither begins nor lasts',
  async (_id, fault, document) => {
    const world = on([aHost(1), aHost(2)]);
    const original = await captured(fault, world);
    world.clock.set(start + 10);
    world.hosts.sent.length = 0;
    await fault.inject(world.io, original);
    expect(world.hosts.sent.map((s) => [s.document, s.instanceId])).toEqual([
      [document, aHost(1).instanceId],
      [document, aHost(2).instanceId],
    ]);
    for (const { parameters } of world.hosts.sent) {
      // 20 s in which it is held, and 30 more from when it was captured.
      const deadline = Math.floor(original.deadline);
      expect(deadline).toBeGreaterThanOrEqual(start + 50);
      expect(deadline).toBeLessThan(start + 55);
      expect(parameters).toMatchObject({
        RunId: world.run.runId,
        NotAfter: String(start + 40),
        Deadline: String(deadline),
      });
    }
  },
);

test.each(all)('%s is proven by what it does, and gone when that is over', async (_id, fault) => {
  const world = on([aHost(1), aHost(2)]);
  const original = await captured(fault, world);
  expect((await fault.prove(world.io, original)).proven).toBe(false);
  await fault.inject(world.io, original);
  const landed = await fault.prove(world.io, original);
  expect(landed.proven).toBe(true);
  expect(landed.detail).toMatch(/^app-1: .*; app-2: /);
  await fault.revert(world.io, original);
  expect((await fault.proveGone(world.io, original)).proven).toBe(true);
});

test.each(all)(
  '%s that its tool only pretends is not proven, and there is nothing that would not be gone',
  async (_id, fault) => {
    const world = on();
    const original = await captured(fault, world);
    world.hosts.isStuck = true;
    await fault.inject(world.io, original);
    expect((await fault.prove(world.io, original)).proven).toBe(false);
    await fault.revert(world.io, original);
    expect((await fault.proveGone(world.io, original)).proven).toBe(true);
  },
);

test.each(all)('%s is not proven where one of the hosts has none of it', async (_id, fault) => {
  const world = on([aHost(1), aHost(2)]);
  const original = await captured(fault, world);
  await fault.inject(world.io, { ...original, hosts: original.hosts.slice(0, 1) });
  expect((await fault.prove(world.io, original)).proven).toBe(false);
});

describe('the figures of a proof', () => {
  test.each<[string, BoundFault, (state: HostState) => void, boolean, RegExp]>([
    [
      'a delay as it was asked for',
      networkLatency,
      (s) => (s.roundTripMs = 548),
      true,
      /1\.0 ms before, 548\.0 ms now \(\+547\.0 ms\); 500 ms/,
    ],
    ['a longer delay', networkLatency, (s) => (s.roundTripMs = 560), false, /\+559\.0 ms/],
    ['half of the delay', networkLatency, (s) => (s.roundTripMs = 251), false, /\+250\.0 ms/],
    [
      'less than half of the memory',
      memoryPressure,
      (s) => (s.availableKb = 190_000),
      true,
      /391 MB before, 186 MB now/,
    ],
    ['more than half of the memory', memoryPressure, (s) => (s.availableKb = 210_000), false, /\(53 % of it\)/],
    ['little idle time', cpuSaturation, (s) => (s.idle = 0.14), true, /CPU idle 80 % before, 14 % now/],
    ['some idle time', cpuSaturation, (s) => (s.idle = 0.16), false, /16 % now/],
    ['another process', processKill, (s) => (s.process!.pid = 301), true, /PID 300, .* before, PID 301, /],
    ['the same process', processKill, (s) => (s.process!.startedAt += 1), false, /PID 300, .* now/],
    ['the same number, later', processKill, (s) => (s.process!.startedAt += 60), true, /PID 300, .* now/],
  ])('%s', async (_what, fault, change, isProven, detail) => {
    const world = on();
    const original = await captured(fault, world);
    change(world.hosts.one);
    expect(await fault.prove(world.io, original)).toEqual({ proven: isProven, detail: expect.stringMatching(detail) });
  });

  test.each<[string, BoundFault, (state: HostState) => void]>([
    ['a delay', networkLatency, (s) => (s.roundTripMs = 100)],
    ['memory that is not back', memoryPressure, (s) => (s.availableKb = 250_000)],
    ['a CPU that is still busy', cpuSaturation, (s) => (s.idle = 0.3)],
  ])('%s is not gone', async (_what, fault, change) => {
    const world = on();
    const original = await captured(fault, world);
    await fault.inject(world.io, original);
    await fault.revert(world.io, original);
    change(world.hosts.one);
    expect((await fault.proveGone(world.io, original)).proven).toBe(false);
  });

  test.each(all.slice(0, 3))('%s that a host calls active is not gone, whatever is measured', async (_id, fault) => {
    const world = on();
    const original = await captured(fault, world);
    await fault.inject(world.io, original);
    Object.assign(world.hosts.one, { availableKb: 400_000, idle: 0.8, roundTripMs: 1 });
    expect(await fault.proveGone(world.io, original)).toEqual({
      proven: false,
      detail: expect.stringMatching(/^app-1: .* is still in force$/),
    });
  });
});

test('a host that had little idle time before is not seen to have lost it', async () => {
  const world = on();
  world.hosts.one.idle = 0.16;
  const original = await captured(cpuSaturation, world);
  world.hosts.one.idle = 0.1;
  expect((await cpuSaturation.prove(world.io, original)).proven).toBe(false);
  world.hosts.one.idle = 0.05;
  expect((await cpuSaturation.prove(world.io, original)).proven).toBe(true);
});

test('a fault that lands too late to be held until its deadline is not proven, for good', async () => {
  const world = on();
  const original = await captured(networkLatency, world);
  await networkLatency.inject(world.io, original);
  world.clock.set(original.deadline - 20 - 4);
  expect(await networkLatency.prove(world.io, original)).toEqual({
    proven: false,
    isFinal: true,
    detail: expect.stringMatching(/^not proven in time to be held for 20 s: app-1: TCP handshake/),
  });
});

describe('a host that fails', () => {
  const command = { document: 'Faultline-MemoryPressure', instanceId: aHost(2).instanceId };

  test('keeps no other from being reverted, and is told', async () => {
    const world = on([aHost(1), aHost(2), aHost(3)]);
    const original = await captured(memoryPressure, world);
    await memoryPressure.inject(world.io, original);
    world.hosts.beforeRun = (_document, instanceId) => {
      if (instanceId === aHost(2).instanceId) throw new HostOffline(command, 'gone');
    };
    await expect(memoryPressure.revert(world.io, original)).rejects.toThrow(HostOffline);
    const isActive = world.hosts.all.map(({ faults }) => faults.some(({ state }) => state === 'active'));
    expect(isActive).toEqual([false, true, false]);
  });

  test('says itself why a fault did not begin', async () => {
    const world = on();
    const original = await captured(memoryPressure, world);
    const failure = new HostCommandFailed(command, 'Failed', 69, 'stress-ng is missing');
    world.hosts.beforeRun = () => {
      throw failure;
    };
    await expect(memoryPressure.inject(world.io, original)).rejects.toBe(failure);
  });

  test("saw no effect of its tool: the fault was without effect, and is nobody's error", async () => {
    const world = on();
    const original = await captured(memoryPressure, world);
    world.hosts.beforeRun = () => {
      throw new HostCommandFailed(command, 'Failed', 70, 'nothing was taken; nothing of it is left');
    };
    const injected = memoryPressure.inject(world.io, original);
    await expect(injected).rejects.toThrow(FaultWithoutEffect);
    await expect(injected).rejects.toThrow('nothing was taken');
  });

  test('that was terminated holds no fault once its own deadline has passed, and may before', async () => {
    const world = on([aHost(1), aHost(2)]);
    const original = await captured(memoryPressure, world);
    await memoryPressure.inject(world.io, original);
    world.hosts.states.delete(aHost(2).instanceId);
    world.hosts.beforeRun = (_document, instanceId) => {
      if (instanceId === aHost(2).instanceId) throw new HostOffline(command, 'unknown');
    };
    await expect(memoryPressure.revert(world.io, original)).rejects.toThrow(HostOffline);
    world.clock.set(original.deadline + 61);
    await memoryPressure.revert(world.io, original);
    expect(await memoryPressure.proveGone(world.io, original)).toEqual({
      proven: true,
      detail: expect.stringMatching(/app-2: SSM does not know it any more, and its own deadline has passed/),
    });
  });
});

test.each([
  ['network-latency', { delayMs: 0 }],
  ['network-latency', { delayMs: 10_001 }],
  ['network-latency', { device: 'eth0; reboot' }],
  ['network-latency', { lossPercent: 101 }],
  ['memory-pressure', { percent: 96 }],
  ['memory-pressure', { percent: '80' }],
  ['cpu-saturation', { workers: -1 }],
  ['cpu-saturation', { loadPercent: 0 }],
  ['process-kill', { process: 'init' }],
])('%s with %j is refused before anything is sent', (id, parameters) => {
  expect(() => bindFault({ id, parameters: parameters as never })).toThrow();
});

test.each([[{ hosts: [] }], [{ runId: 7 }], [{ process: { name: '$(reboot)' } }], [null]])(
  'an undo record that holds %j is not replayed',
  async (damage) => {
    const world = on();
    const original = damage && { ...(await captured(networkLatency, world)), ...damage };
    world.hosts.sent.length = 0;
    await expect(networkLatency.revert(world.io, original)).rejects.toThrow();
    expect(world.hosts.sent).toEqual([]);
  },
);
