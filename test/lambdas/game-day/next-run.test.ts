import { gameDayInput, planGameDay } from '../../../lambdas/game-day/game-day.ts';
import { nextRun } from '../../../lambdas/game-day/next-run.ts';
import { fakeClock } from '../support/clock.ts';
import { servicesOn } from '../support/context.ts';
import { aRun, newRunId, start } from '../support/run.ts';
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
  expect(await nextRun({ gameDayId, runId: second }, services)).toEqual({ next: 'proceed' });
  expect(clock.now()).toBe(start + 7);

  await services.leases.take([`target/${gameDayId}`], first, async () => true);
  expect(await nextRun({ gameDayId, runId: second }, services)).toEqual({ next: 'proceed' });
  expect(clock.now()).toBeGreaterThan(start + 60);
  await services.leases.release(first);
});

test('a game-day goes on until it is asked to stop; then its next run gives back what was taken for it', async () => {
  const services = servicesOn(store, { clock: fakeClock(start) });
  const plan = { gameDayId: newRunId(), target: 'shop', scenarios: ['control'], profile: 'quick' };
  const { gameDayId, runs } = await store.gameDays.create(planGameDay(gameDayInput.parse(plan), start));
  const next = { gameDayId, runId: runs[0]!.runId };
  await services.leases.take([`target/${gameDayId}`], next.runId, async () => true);
  expect(await nextRun(next, services)).toEqual({ next: 'proceed' });
  expect(await services.leases.isHeldBy(next.runId)).toBe(true);
  await store.gameDays.requestStop(gameDayId, { reason: 'enough', by: 'ann', at: start });
  expect(await nextRun(next, services)).toEqual({ next: 'stop' });
  expect(await services.leases.isHeldBy(next.runId)).toBe(false);
});

describe('after a run that has ended', () => {
  async function afterRun(verdict: 'PASS' | 'FAIL' | 'INVALID', changes: object) {
    const clock = fakeClock(start);
    const services = servicesOn(store, { clock });
    const plan = { gameDayId: newRunId(), target: 'shop', scenarios: ['control', 'cache-failure'], profile: 'quick' };
    const { gameDayId, runs } = await store.gameDays.create(
      planGameDay(gameDayInput.parse({ ...plan, ...changes }), start),
    );
    await store.runs.create(aRun({ runId: runs[0]!.runId, gameDayId, scenario: 'control' }));
    await store.runs.finish(runs[0]!.runId, verdict, null, start);
    const next = () => nextRun({ gameDayId, runId: runs[1]!.runId }, services);
    return { clock, next, gameDay: () => store.gameDays.get(gameDayId) };
  }

  test('the next one waits for its pause, a slice at a time, and obeys a stop within it', async () => {
    const { clock, next } = await afterRun('PASS', { coolDownSeconds: 90 });
    expect(await next()).toEqual({ next: 'wait' });
    expect(clock.now()).toBeLessThan(start + 70);
    expect(await next()).toEqual({ next: 'proceed' });
    expect(clock.now()).toBe(start + 90);
  });

  test.each([
    ['fail', 'FAIL', 'stop'],
    ['fail', 'INVALID', 'stop'],
    ['fail', 'PASS', 'proceed'],
    ['inconclusive', 'FAIL', 'proceed'],
    ['inconclusive', 'INVALID', 'stop'],
    ['never', 'INVALID', 'proceed'],
  ] as const)('with the policy %s, %s means %s', async (stopOnFailure, verdict, answer) => {
    const { next, gameDay } = await afterRun(verdict, { stopOnFailure });
    expect(await next()).toEqual({ next: answer });
    const { stopRequested } = await gameDay();
    if (answer === 'stop')
      expect(stopRequested).toMatchObject({ by: 'Faultline', reason: expect.stringContaining(verdict) });
    else expect(stopRequested).toBeNull();
  });
});
