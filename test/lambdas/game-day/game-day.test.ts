import fc from 'fast-check';
import { gameDayInput, planGameDay } from '../../../lambdas/game-day/game-day.ts';
import { runIdSchema } from '../../../lambdas/runs/run.ts';
import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';

const ids = availableScenarios.map((s) => s.id);
const input = (changes: Record<string, unknown> = {}) => ({
  gameDayId: 'gd-1',
  target: 'shop',
  scenarios: ['control', 'cache-failure'],
  profile: 'quick',
  ...changes,
});

test('a game-day has a run of each scenario, in the order given, with an id of its own', () => {
  const { runs } = planGameDay(gameDayInput.parse(input()), 5);
  expect(runs).toEqual([
    { runId: 'gd-1-control', scenario: 'control' },
    { runId: 'gd-1-cache-failure', scenario: 'cache-failure' },
  ]);
});

test('the ids of its runs are valid, unique, and the same however often it is planned', () => {
  const gameDayId = fc.stringMatching(/^[a-z0-9][a-z0-9-]{2,39}$/);
  const some = fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1 });
  fc.assert(
    fc.property(gameDayId, some, fc.nat(), fc.nat(), (id, scenarios, now, later) => {
      const plan = gameDayInput.parse(input({ gameDayId: id, scenarios }));
      const runIds = planGameDay(plan, now).runs.map((r) => r.runId);
      expect(new Set(runIds).size).toBe(scenarios.length);
      for (const runId of runIds) expect(runIdSchema.safeParse(runId).success).toBe(true);
      expect(planGameDay(plan, later).runs.map((r) => r.runId)).toEqual(runIds);
    }),
  );
});

test.each([
  ['no scenario', { scenarios: [] }],
  ['a scenario twice', { scenarios: ['control', 'control'] }],
  ['an unknown scenario', { scenarios: ['meteor'] }],
  ['an id that leaves no room for a scenario', { gameDayId: 'g'.repeat(41) }],
  ['an unknown key', { dryRun: true }],
])('%s is refused', (_what, changes) => {
  expect(gameDayInput.safeParse(input(changes)).success).toBe(false);
});
