import { closeGameDay } from '../../../lambdas/game-day/close-game-day.ts';
import { gameDayInput, planGameDay } from '../../../lambdas/game-day/game-day.ts';
import { fakeClock } from '../support/clock.ts';
import { servicesOn } from '../support/context.ts';
import { aRun, newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

async function aGameDay() {
  const scenarios = ['control', 'cache-failure', 'database-failure'] as const;
  const plan = { gameDayId: newRunId(), target: 'shop', scenarios: [...scenarios], profile: 'quick' };
  const { gameDayId, runs } = await store.gameDays.create(planGameDay(gameDayInput.parse(plan), start));
  const [first, second] = runs.map(({ runId }) => runId);
  await store.runs.create(aRun({ runId: first, gameDayId, phase: 'done', verdict: 'PASS' }));
  await store.runs.create(aRun({ runId: second, gameDayId, phase: 'fault' }));
  const close = () =>
    closeGameDay({ gameDayId, status: 'ABORTED' }, servicesOn(store, { clock: fakeClock(start + 9) }));
  return { gameDayId, first: first!, second: second!, close };
}

test('the run that goes on without its game-day is asked to stop, and none comes after it', async () => {
  const { gameDayId, first, second, close } = await aGameDay();
  expect(await close()).toEqual({ gameDayId, status: 'running' });
  const stop = { reason: 'its execution was stopped from outside', by: 'Step Functions', at: start + 9 };
  expect((await store.runs.get(second)).stopRequested).toEqual(stop);
  expect((await store.runs.get(first)).stopRequested).toBeNull();
  expect((await store.gameDays.get(gameDayId)).stopRequested).toEqual(stop);
});

test('it is over when its last run is, whether or not the others ever began', async () => {
  const { gameDayId, second, close } = await aGameDay();
  await close();
  await store.runs.finish(second, 'ABORTED', 'stopped', start + 20);
  expect(await close()).toEqual({ gameDayId, status: 'over' });
});

test('one that has its report is left alone, and so is one that never was', async () => {
  const { gameDayId, second, close } = await aGameDay();
  await store.gameDays.finish(gameDayId, start + 5);
  expect(await close()).toEqual({ gameDayId, status: 'nothing' });
  expect((await store.runs.get(second)).stopRequested).toBeNull();
  const services = servicesOn(store, { clock: fakeClock(start) });
  const nobody = newRunId();
  expect(await closeGameDay({ gameDayId: nobody, status: 'FAILED' }, services)).toEqual({
    gameDayId: nobody,
    status: 'nothing',
  });
});
