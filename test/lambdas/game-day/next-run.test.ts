import { gameDayInput, planGameDay } from '../../../lambdas/game-day/game-day.ts';
import { nextRun } from '../../../lambdas/game-day/next-run.ts';
import { fakeClock } from '../support/clock.ts';
import { servicesOn } from '../support/context.ts';
import { newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

test('the next run waits until the run before has given the target back, but not for ever', async () => {
  const clock = fakeClock(start, async (now) => {
    if (now === start + 7) await services.leases.release(first);
  });
  const services = servicesOn(store, { clock });
  const plan = { gameDayId: newRunId(), target: 'shop', scenarios: ['control', 'cache-failure'], profile: 'quick' };
  const { gameDayId, runs } = await store.gameDays.create(planGameDay(gameDayInput.parse(plan), start));
  const [first, second] = runs.map(({ runId }) => runId) as [string, string];
  await services.leases.take([`target/${gameDayId}`], first, async () => true);
  expect(await nextRun({ gameDayId, runId: second }, services)).toEqual({ proceed: true });
  expect(clock.now()).toBe(start + 7);

  await services.leases.take([`target/${gameDayId}`], first, async () => true);
  expect(await nextRun({ gameDayId, runId: second }, services)).toEqual({ proceed: true });
  expect(clock.now()).toBeGreaterThan(start + 60);
  await services.leases.release(first);
});

test('a game-day goes on until it is asked to stop; then its next run gives back what was taken for it', async () => {
  const services = servicesOn(store, { clock: fakeClock(start) });
  const plan = { gameDayId: newRunId(), target: 'shop', scenarios: ['control'], profile: 'quick' };
  const { gameDayId, runs } = await store.gameDays.create(planGameDay(gameDayInput.parse(plan), start));
  const next = { gameDayId, runId: runs[0]!.runId };
  await services.leases.take([`target/${gameDayId}`], next.runId, async () => true);
  expect(await nextRun(next, services)).toEqual({ proceed: true });
  expect(await services.leases.isHeldBy(next.runId)).toBe(true);
  await store.gameDays.requestStop(gameDayId, { reason: 'enough', by: 'ann', at: start });
  expect(await nextRun(next, services)).toEqual({ proceed: false });
  expect(await services.leases.isHeldBy(next.runId)).toBe(false);
});
