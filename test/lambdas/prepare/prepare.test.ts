import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { z } from 'zod';
import type { EcsServices } from '../../../lambdas/aws/ecs-services.client.ts';
import type { FaultIo } from '../../../lambdas/faults/fault.ts';
import { planGameDay } from '../../../lambdas/game-day/game-day.ts';
import type { Hosts, ManagedHost } from '../../../lambdas/hosts/hosts.client.ts';
import { prepare, prepareInput } from '../../../lambdas/prepare/prepare.ts';
import { RunExists } from '../../../lambdas/runs/runs.client.ts';
import type { AlarmsClient } from '../../../lambdas/safety/alarms.client.ts';
import { leaseSeconds, TargetLeased } from '../../../lambdas/safety/leases.client.ts';
import { LeverPulled } from '../../../lambdas/safety/lever.client.ts';
import { safetySchema } from '../../../lambdas/safety/safety-limits.ts';
import type { Target } from '../../../lambdas/target/target.ts';
import { fakeClock } from '../support/clock.ts';
import { servicesOn } from '../support/context.ts';
import { FakeServices, noSlowQuery, probesOf, type Service } from '../support/dependencies.ts';
import { aHost, FakeHosts } from '../support/hosts.ts';
import { newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';
import { aTarget } from '../support/target.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

type SafetyInput = z.input<typeof safetySchema>;

let targets = 0;
/** Its services are its own, so that no other test has leased them. */
function newTarget(changes: Partial<Target> = {}): Target {
  const id = `target-${++targets}`;
  const { database, cache } = aTarget();
  return aTarget({ id, database: { ...database!, cluster: id }, cache: { ...cache!, cluster: id }, ...changes });
}

interface Changes extends Record<string, unknown> {
  service?: Partial<Service>;
  hosts?: ManagedHost[];
  alarming?: string[];
}

function prepared(target: Target, { service = {}, hosts = [], alarming = [], ...changes }: Changes = {}, now = start) {
  const known = { runId: newRunId(), target: target.id, scenario: 'cache-failure', profile: 'quick' };
  const input = prepareInput.parse({ ...known, ...changes });
  const clock = fakeClock(now);
  const alarms = { alarming: async (names: string[]) => names.filter((name) => alarming.includes(name)) };
  const services = servicesOn(store, { clock, target, alarms: alarms as unknown as AlarmsClient });
  const fakes = new FakeServices({ database: service, cache: service }, target.id);
  const io: FaultIo = {
    target,
    clock,
    ecs: fakes as unknown as EcsServices,
    hosts: new FakeHosts(clock, hosts) as unknown as Hosts,
    slowQuery: noSlowQuery,
    probes: probesOf(fakes),
  };
  return { runId: input.runId, fakes, result: prepare(input, services, { mode: 'local', workers: 2 }, () => io) };
}

const everything = async () =>
  (await store.dynamo.send(new ScanCommand({ TableName: store.table, ConsistentRead: true }))).Items;

async function lever(isPulled: boolean): Promise<void> {
  const data = { pulled: isPulled, by: 'ann', reason: 'sale today', at: start };
  await store.dynamo.send(new PutCommand({ TableName: store.table, Item: { pk: 'lever', sk: 'lever', data } }));
}

test('a run is recorded with the figures of its scenario and profile', async () => {
  const target = newTarget();
  const { runId, result } = prepared(target, { profile: 'full' });
  expect(await result).toEqual({
    runId,
    status: 'ready',
    touches: [{ kind: 'service', id: `${target.id}/cache`, change: expect.stringContaining('desired count to 0') }],
    refusals: [],
  });
  expect(await store.runs.get(runId)).toMatchObject({
    scenario: 'cache-failure',
    phase: 'prepare',
    seconds: { baseline: 60, fault: 120 },
    load: { users: 100, spawnRate: 10, workers: 2 },
    createdAt: start,
    stopRequested: null,
  });
});

describe('a dry run', () => {
  test('tells what it would touch, with nothing against it, and touches nothing', async () => {
    const before = await everything();
    const { result, fakes } = prepared(newTarget(), { dryRun: true });
    expect(await result).toEqual({
      runId: expect.any(String),
      status: 'dry-run',
      touches: [expect.objectContaining({ id: expect.stringMatching('/cache$') })],
      refusals: [],
    });
    expect(fakes.mutations).toEqual([]);
    expect(await everything()).toEqual(before);
  });

  test('tells everything that would refuse the run at once', async () => {
    const target = newTarget({
      safety: safetySchema.parse({ excludedWindows: [always], stopConditions: { alarms: ['checkout-errors'] } }),
    });
    const { result } = prepared(target, { dryRun: true, service: { optedIn: false }, alarming: ['checkout-errors'] });
    expect((await result).refusals).toEqual([
      expect.stringContaining('every day 00:00 to 23:59 UTC is excluded'),
      expect.stringContaining('alarm checkout-errors is in ALARM'),
      expect.stringContaining('has not the tag faultline:opt-in'),
    ]);
  });
});

const always = { from: '00:00', to: '23:59' };

describe('before anything is taken, a run is refused', () => {
  test.each<[string, Partial<SafetyInput>, Changes, RegExp]>([
    ['in an excluded window', { excludedWindows: [always] }, {}, /is excluded by the target's configuration/],
    [
      'while an alarm is active',
      { stopConditions: { alarms: ['a', 'b'] } },
      { alarming: ['b'] },
      /alarm b is in ALARM/,
    ],
    ['on a service without the opt-in tag', {}, { service: { optedIn: false } }, /has not the tag faultline:opt-in/],
    ['on a service that is stopped', {}, { service: { desiredCount: 0 } }, /has a desired count of 0 already/],
  ])('%s', async (_what, safety, changes, reason) => {
    const target = newTarget({ safety: safetySchema.parse(safety) });
    const before = await everything();
    const { result, fakes } = prepared(target, changes);
    await expect(result).rejects.toThrow(reason);
    expect(await everything()).toEqual(before);
    expect(fakes.mutations).toEqual([]);
  });
});

test('the control scenario touches nothing', async () => {
  expect(await prepared(newTarget(), { scenario: 'control' }).result).toMatchObject({ status: 'ready', touches: [] });
});

test('a scenario that the target has no service for is refused before anything is taken', async () => {
  const target = { ...newTarget(), cache: null };
  const before = await everything();
  await expect(prepared(target).result).rejects.toThrow('has no cache: this scenario does not apply to it');
  expect(await everything()).toEqual(before);
});

test('a pulled lever refuses it, with who and why, and takes nothing', async () => {
  const target = newTarget();
  await lever(true);
  try {
    const refused = prepared(target).result;
    await expect(refused).rejects.toThrow(LeverPulled);
    await expect(refused).rejects.toThrow('pulled by ann: sale today');
  } finally {
    await lever(false);
  }
  await expect(prepared(target).result).resolves.toMatchObject({ status: 'ready' });
});

describe('the target', () => {
  test('is taken, with the services that it consists of', async () => {
    const target = newTarget();
    const { runId, result } = prepared(target);
    await result;
    const { runId: other, result: early } = prepared(target, {}, start + leaseSeconds);
    await expect(early).rejects.toThrow(TargetLeased);
    await expect(early).rejects.toThrow(`in use by run ${runId}`);
    await expect(store.runs.get(other)).rejects.toThrow('no run');
    const neighbour = newTarget({ cache: target.cache });
    await expect(prepared(neighbour, { scenario: 'control' }).result).rejects.toThrow(
      `service/${target.id}/cache is in use by run ${runId}`,
    );
    // Nobody conducts it any more, but somebody has to end it before the next one begins.
    const later = start + leaseSeconds + 1;
    await expect(prepared(target, {}, later).result).rejects.toThrow(`was left by run ${runId}, which broke off`);
    await store.runs.finish(runId, 'ABORTED', 'cleaned up', later);
    await expect(prepared(target, {}, later).result).resolves.toMatchObject({ status: 'ready' });
  });

  test('is free again when the run could not be recorded', async () => {
    const target = newTarget();
    const { result } = prepared(target, { gameDayId: 'gd-nobody' });
    await expect(result).rejects.toThrow("no game-day 'gd-nobody'");
    await expect(prepared(target).result).resolves.toMatchObject({ status: 'ready' });
  });
});

describe('managed hosts', () => {
  const hosts = { tag: { key: 'app', value: 'shop' }, process: { name: 'shop-app' } };
  const two = { blastRadius: { hosts: 2 } };

  test('are taken and recorded with the run by their ids, whatever it breaks', async () => {
    const target = newTarget({ hosts, safety: safetySchema.parse(two) });
    const pair = [aHost(1), aHost(2)];
    const { runId, result } = prepared(target, { hosts: pair });
    await result;
    const refs = pair.map(({ instanceId, name, address }) => ({ instanceId, name, address }));
    expect((await store.runs.get(runId)).hosts).toEqual(refs);
    const neighbour = prepared(newTarget({ hosts }), { hosts: [aHost(2)], scenario: 'control' });
    await expect(neighbour.result).rejects.toThrow(`host/${aHost(2).instanceId} is in use by run ${runId}`);
    await store.leases(fakeClock(start)).release(runId);
    await expect(prepared(target, { hosts: pair, scenario: 'network-latency' }).result).resolves.toMatchObject({
      touches: pair.map(({ instanceId }) => ({ kind: 'host', id: instanceId })),
    });
    for (const lease of await store.leases().all()) await store.leases().release(lease.runId);
  });

  test.each<[string, Partial<SafetyInput>, ManagedHost[], RegExp]>([
    ['more of them than the blast radius allows', {}, [aHost(1), aHost(2)], /would hit 2 hosts at once; .* allows 1/],
    ['none that has the tag', {}, [], /no managed host has the tag app = shop/],
    ['one that did not opt in', two, [aHost(1), aHost(2, { optedIn: false })], /has not the tag faultline:opt-in/],
    ['one that is offline', {}, [aHost(1, { online: false })], /is offline/],
  ])('refuse a fault on them: %s', async (_what, safety, managed, reason) => {
    const target = newTarget({ hosts, safety: safetySchema.parse(safety) });
    const before = await everything();
    await expect(prepared(target, { hosts: managed, scenario: 'network-latency' }).result).rejects.toThrow(reason);
    expect(await everything()).toEqual(before);
  });
});

describe('the same run again', () => {
  test('gets the same answer and changes nothing of its record', async () => {
    const target = newTarget();
    const { runId, result } = prepared(target);
    const first = await result;
    const record = await store.runs.get(runId);
    expect(await prepared(target, { runId }, start + 5).result).toEqual(first);
    expect(await store.runs.get(runId)).toEqual(record);
  });

  test("is refused once it is over: its evidence would be mixed with another run's", async () => {
    const target = newTarget();
    const { runId, result } = prepared(target);
    await result;
    await store.runs.finish(runId, 'PASS', null, start + 90);
    await store.leases(fakeClock(start)).release(runId);
    await expect(prepared(target, { runId }).result).rejects.toThrow(RunExists);
    await expect(prepared(target).result).resolves.toMatchObject({ status: 'ready' });
  });
});

test('a run of a game-day that was stopped a moment ago is asked to stop as well', async () => {
  const gameDayId = newRunId();
  await store.gameDays.create(
    planGameDay({ gameDayId, target: 'shop', scenarios: ['control'], profile: 'quick' }, start),
  );
  const before = prepared(newTarget(), { gameDayId });
  await before.result;
  expect((await store.runs.get(before.runId)).stopRequested).toBeNull();
  const stop = { reason: 'enough', by: 'ann', at: start };
  await store.gameDays.requestStop(gameDayId, stop);
  const { runId, result } = prepared(newTarget(), { gameDayId });
  await result;
  expect((await store.runs.get(runId)).stopRequested).toEqual(stop);
});

test.each([
  ['an unknown key', { force: true }],
  ['an unknown scenario', { scenario: 'meteor' }],
  ['an unknown profile', { profile: 'slow' }],
  ['a run id that no key or name may hold', { runId: 'Run 1/2' }],
  ['a run id that is too long', { runId: 'r'.repeat(65) }],
  ['a text for a switch', { dryRun: 'yes' }],
])('%s is refused', (_what, changes) => {
  const input = { runId: 'run-1', target: 'shop', scenario: 'control', profile: 'quick', ...changes };
  expect(prepareInput.safeParse(input).success).toBe(false);
});
