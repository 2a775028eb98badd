import { gameDayInput, planGameDay } from '../../../lambdas/game-day/game-day.ts';
import { GameDayNotFound } from '../../../lambdas/game-day/game-days.client.ts';
import { stopGameDay } from '../../../lambdas/safety/stop-game-day.ts';
import type { ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import { fakeClock } from '../support/clock.ts';
import { servicesOn } from '../support/context.ts';
import { aRun, newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

async function planned(scenarios: ScenarioId[] = ['control', 'cache-failure', 'database-failure']) {
  const input = gameDayInput.parse({ gameDayId: newRunId(), target: 'shop', scenarios, profile: 'quick' });
  return store.gameDays.create(planGameDay(input, start));
}

describe('the record of a game-day', () => {
  test('is read back as it was planned', async () => {
    const gameDay = await planned();
    expect(await store.gameDays.get(gameDay.gameDayId)).toEqual(gameDay);
  });

  test('of two plans for one id the first one wins, so that a repeated start goes on with the same runs', async () => {
    const first = await planned(['control']);
    const again = planGameDay({ ...first, scenarios: ['cache-failure'] }, start + 60);
    expect(await store.gameDays.create(again)).toEqual(first);
  });

  test('keeps its first stop and its first end', async () => {
    const { gameDayId } = await planned();
    for (const reason of ['first', 'second']) {
      await store.gameDays.requestStop(gameDayId, { reason, by: 'ann', at: start });
    }
    for (const at of [start + 10, start + 20]) await store.gameDays.finish(gameDayId, at);
    expect(await store.gameDays.get(gameDayId)).toMatchObject({
      stopRequested: { reason: 'first' },
      endedAt: start + 10,
    });
  });

  test('that does not exist can be neither read, stopped nor ended', async () => {
    const stop = { reason: 'r', by: 'b', at: start };
    for (const attempt of [
      () => store.gameDays.get('nobody'),
      () => store.gameDays.requestStop('nobody', stop),
      () => store.gameDays.finish('nobody', start),
    ]) {
      await expect(attempt()).rejects.toThrow(new GameDayNotFound('nobody'));
    }
  });
});

describe('stopping a game-day', () => {
  const stop = (gameDayId: string) =>
    stopGameDay({ gameDayId, reason: 'enough', by: 'ann' }, servicesOn(store, { clock: fakeClock(start + 100) }));

  test('asks the run that is under way, not one that is over, and leaves its mark for those to come', async () => {
    const { gameDayId, runs } = await planned();
    const [over, underWay] = runs.map((r) => r.runId);
    await store.runs.create(aRun({ runId: over, gameDayId }));
    await store.runs.finish(over!, 'PASS', null, start + 50);
    await store.runs.create(aRun({ runId: underWay, gameDayId }));
    expect(await stop(gameDayId)).toEqual({ gameDayId, stopped: [underWay] });
    expect((await store.runs.get(over!)).stopRequested).toBeNull();
    expect((await store.runs.get(underWay!)).stopRequested).toEqual({ reason: 'enough', by: 'ann', at: start + 100 });
    expect((await store.gameDays.get(gameDayId)).stopRequested?.reason).toBe('enough');
  });

  test('a second time asks nobody anew', async () => {
    const { gameDayId, runs } = await planned(['control']);
    await store.runs.create(aRun({ runId: runs[0]!.runId, gameDayId }));
    await stop(gameDayId);
    expect(await stop(gameDayId)).toEqual({ gameDayId, stopped: [] });
  });

  test('names a game-day that does not exist', async () => {
    await expect(stop('nobody')).rejects.toThrow(GameDayNotFound);
  });
});
