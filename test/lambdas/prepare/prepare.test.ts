import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { planGameDay } from '../../../lambdas/game-day/game-day.ts';
import { prepare, prepareInput } from '../../../lambdas/prepare/prepare.ts';
import { longestSeconds } from '../../../lambdas/runs/run.ts';
import { RunExists } from '../../../lambdas/runs/runs.client.ts';
import { LeverPulled, TargetLeased } from '../../../lambdas/safety/safety.client.ts';
import type { Target } from '../../../lambdas/target/target.ts';
import { fakeClock } from '../support/clock.ts';
import { servicesOn } from '../support/context.ts';
import { newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';
import { aTarget } from '../support/target.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

let targets = 0;
const newTarget = () => aTarget({ id: `target-${++targets}` });

function prepared(target: Target, changes: Record<string, unknown> = {}, now = start) {
  const input = prepareInput.parse({ runId: newRunId(), scenario: 'cache-failure', profile: 'quick', ...changes });
  const services = servicesOn(store, { clock: fakeClock(now), target });
  return { runId: input.runId, result: prepare(input, services, { mode: 'local', workers: 2 }) };
}

const everything = async () =>
  (await store.dynamo.send(new ScanCommand({ TableName: store.table, ConsistentRead: true }))).Items;

async function lever(isPulled: boolean): Promise<void> {
  const data = { pulled: isPulled, by: 'ann', reason: 'sale today', at: start };
  await store.dynamo.send(new PutCommand({ TableName: store.table, Item: { pk: 'lever', sk: 'lever', data } }));
}

test('a run is recorded with the figures of its scenario and profile', async () => {
  const { runId, result } = prepared(newTarget(), { profile: 'full' });
  expect(await result).toEqual({
    runId,
    status: 'ready',
    touches: ['ECS service cache in cluster shop: desired count to 0, then back to what it was'],
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

test('a dry run tells what it would touch and touches nothing', async () => {
  const before = await everything();
  const { result } = prepared(newTarget(), { dryRun: true });
  expect(await result).toMatchObject({ status: 'dry-run', touches: [expect.stringContaining('service cache')] });
  expect(await everything()).toEqual(before);
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
  test('is taken for as long as the run can last at most, and not longer', async () => {
    const target = newTarget();
    const { runId, result } = prepared(target);
    await result;
    const length = longestSeconds((await store.runs.get(runId)).seconds);
    const { runId: other, result: early } = prepared(target, {}, start + length);
    await expect(early).rejects.toThrow(TargetLeased);
    await expect(early).rejects.toThrow(`in use by run ${runId}`);
    await expect(store.runs.get(other)).rejects.toThrow('no run');
    await expect(prepared(target, {}, start + length + 1).result).resolves.toMatchObject({ status: 'ready' });
  });

  test('is free again when the run could not be recorded', async () => {
    const target = newTarget();
    const { result } = prepared(target, { gameDayId: 'gd-nobody' });
    await expect(result).rejects.toThrow("no game-day 'gd-nobody'");
    await expect(prepared(target).result).resolves.toMatchObject({ status: 'ready' });
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
    await store.safety.releaseLease(target.id, runId);
    await expect(prepared(target, { runId }).result).rejects.toThrow(RunExists);
    await expect(prepared(target).result).resolves.toMatchObject({ status: 'ready' });
  });
});

test('a run of a game-day that was stopped a moment ago is asked to stop as well', async () => {
  const gameDayId = newRunId();
  await store.gameDays.create(planGameDay({ gameDayId, scenarios: ['control'], profile: 'quick' }, start));
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
  const input = { runId: 'run-1', scenario: 'control', profile: 'quick', ...changes };
  expect(prepareInput.safeParse(input).success).toBe(false);
});
