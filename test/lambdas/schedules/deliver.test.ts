import { newGameDayId } from '../../../lambdas/game-day/game-day-id.ts';
import { IdempotencyKeysClient } from '../../../lambdas/game-day/idempotency-keys.client.ts';
import { type DeliverServices, deliver } from '../../../lambdas/schedules/deliver.ts';
import type { Delivered, Schedule } from '../../../lambdas/schedules/schedule.ts';
import { SchedulesClient } from '../../../lambdas/schedules/schedules.client.ts';
import { fakeClock } from '../support/clock.ts';
import { ioOn, servicesOn } from '../support/context.ts';
import { FakeServices } from '../support/dependencies.ts';
import { newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';
import { aTarget } from '../support/target.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

const scheduledTime = new Date(start * 1000).toISOString().replace('.000Z', 'Z');

/** A schedule of a target of its own, and what its deliveries started and told. */
async function aSchedule(changes: Partial<Schedule> = {}) {
  const id = newRunId();
  const clock = fakeClock(start);
  const target = aTarget({ id, database: null, cache: null });
  const ecs = new FakeServices({});
  const started: string[] = [];
  const told: Delivered[] = [];
  const schedules = new SchedulesClient(store.dynamo, store.table);
  const services: DeliverServices = {
    ...servicesOn(store, { clock, target }),
    machine: { start: async ({ gameDayId }) => void started.push(gameDayId) },
    keys: new IdempotencyKeysClient(store.dynamo, store.table),
    ioOf: () => ioOn(ecs, { clock, target }),
    newGameDayId,
    onlyDryRuns: false,
    schedules,
    tell: async (_schedule, delivered) => void told.push(delivered),
  };
  const schedule: Schedule = {
    ...{ name: id, expression: 'rate(1 minute)', timeZone: 'UTC', concurrency: 'forbid', paused: false },
    ...{ target: id, scenarios: ['control'], createdBy: 'ann', createdAt: start, last: null },
    ...changes,
  };
  await schedules.create(schedule);
  const send = (at = scheduledTime) => deliver({ schedule: id, scheduledTime: at }, services);
  const last = async () => (await schedules.get(id)).last;
  /** As a game-day ends. */
  const end = async () => {
    for (const gameDayId of started) {
      await services.leases.release(`${gameDayId}-control`);
      await store.gameDays.finish(gameDayId, clock.now());
    }
  };
  return { id, clock, services, schedules, started, told, send, last, end };
}

const later = scheduledTime.replace(/:00Z$/, ':30Z');

test('the same delivery, made twice and at the same moment, starts one game-day', async () => {
  const { send, started, last, told } = await aSchedule();
  const both = await Promise.all([send(), send()]);
  expect([both, await send()]).toEqual([[{ status: 'started' }, { status: 'started' }], { status: 'started' }]);
  expect(started).toHaveLength(1);
  expect(await last()).toMatchObject({ scheduledTime, outcome: 'started', gameDayId: started[0], reason: null });
  expect(told).toEqual([]);
  expect((await store.gameDays.get(started[0]!)).startedBy).toMatch(/^schedule test-/);
});

test('what comes while a game-day goes on is left out and told, also between two of its runs', async () => {
  const { send, started, last, told, services, end } = await aSchedule();
  await send();
  // Its lease is back, and it is not over.
  await services.leases.release(`${started[0]}-control`);
  expect(await send(later)).toEqual({ status: 'left-out' });
  expect(await last()).toMatchObject({ outcome: 'left-out', reason: expect.stringContaining(started[0]!) });
  expect(told).toHaveLength(1);
  await end();
  expect(await send(later.replace('30Z', '40Z'))).toEqual({ status: 'started' });
  expect(started).toHaveLength(2);
});

test('what queues begins when the target is free, and is left out when that takes hours', async () => {
  const { send, started, last, told, end, clock } = await aSchedule({ concurrency: 'queue' });
  await send();
  expect([await send(later), await send(later)]).toEqual([{ status: 'wait' }, { status: 'wait' }]);
  expect([(await last())?.outcome, told]).toEqual(['queued', []]);
  await end();
  expect([await send(later), started.length]).toEqual([{ status: 'started' }, 2]);
  clock.set(start + 7 * 3600);
  expect(await send(later.replace('30Z', '45Z'))).toEqual({ status: 'left-out' });
  expect(told).toMatchObject([{ outcome: 'left-out', reason: expect.stringContaining('waited for 6 h') }]);
});

test('what is refused says why, once', async () => {
  const { send, told, last, started } = await aSchedule({ scenarios: ['cache-failure'] });
  expect([await send(), await send()]).toEqual([{ status: 'refused' }, { status: 'refused' }]);
  expect(told).toHaveLength(1);
  expect([started, await last()]).toMatchObject([
    [],
    { outcome: 'refused', reason: expect.stringContaining('no cache') },
  ]);
});

test('on a deployment of dry runs a schedule starts nothing and says so', async () => {
  const { send, services, started, told } = await aSchedule();
  services.onlyDryRuns = true;
  expect(await send()).toEqual({ status: 'refused' });
  expect([started, told]).toMatchObject([[], [{ outcome: 'refused', reason: 'every start here is a dry run' }]]);
});

test('a schedule that was paused or deleted meanwhile starts nothing', async () => {
  const { id, send, schedules, started } = await aSchedule();
  await schedules.setPaused(id, true);
  expect(await send()).toEqual({ status: 'nothing' });
  await schedules.delete(id);
  expect(await send()).toEqual({ status: 'nothing' });
  expect(started).toEqual([]);
});
