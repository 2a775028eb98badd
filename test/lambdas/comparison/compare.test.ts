import { analyse } from '../../../lambdas/analysis/analyse.ts';
import { compare } from '../../../lambdas/comparison/compare.ts';
import type { Compared } from '../../../lambdas/comparison/compared.ts';
import { comparisonText } from '../../../lambdas/comparison/comparison-text.ts';
import { comparedRun } from '../../../lambdas/comparison/figures.ts';
import type { ScenarioResult } from '../../../lambdas/report/report.schema.ts';
import { controlRun, fragileDatabase, resilientDatabase } from '../analysis/support/stories.ts';
import { type Story, tell } from '../analysis/support/story.ts';

const result = (story: Story, seed: string): ScenarioResult => ({
  ...analyse(tell({ ...story, seed }).evidence),
  runId: `run-${seed}`,
});

let started = 1_760_000_000;
const gameDay = (id: string, results: readonly ScenarioResult[]): Compared => {
  started += 86_400;
  return { id, startedAt: started, target: 'sample', profile: 'quick', runs: results.map(comparedRun) };
};

/** Runs of one application: what differs is what chance makes different. */
const asUsual = [4.3, 4.7, 5.2, 4.5].map((recoverSeconds, i) => ({
  database: result({ ...resilientDatabase, recoverSeconds }, `usual-${i}`),
  control: result(controlRun, `control-${i}`),
}));
const usual = asUsual.map(({ database, control }, i) => gameDay(`gd-${i}`, [control, database]));
const fragile = gameDay('gd-fragile', [result(fragileDatabase, 'fragile'), asUsual[0]!.control]);

const figure = (found: ReturnType<typeof compare>, id: string, scenario = 'database-failure') =>
  found.scenarios.find((s) => s.id === scenario)?.figures.find((f) => f.id === id);

describe('against repeated runs', () => {
  test('what is but chance is no change', () => {
    const found = compare(usual[3]!, usual.slice(0, 3));
    expect(found.summary).toMatchObject({ better: 0, worse: 0, unknown: 0 });
    expect(found.summary.same).toBeGreaterThan(20);
    expect(figure(found, 'rto/seconds')).toMatchObject({
      change: 'same',
      noise: 'repeated',
      why: 'within the noise of 3 earlier runs',
    });
  });

  test('a fragile application is worse, in score, recovery and errors, each with its interval', () => {
    const found = compare(fragile, usual);
    for (const id of ['score/overall', 'rto/seconds', 'metrics/response-time/p95/during']) {
      const { change, difference, low, high } = figure(found, id)!;
      expect([id, change]).toEqual([id, 'worse']);
      expect(Math.sign(low!)).toBe(Math.sign(high!));
      expect(low!).toBeLessThan(difference!);
      expect(high!).toBeGreaterThan(difference!);
    }
    expect(found.summary.better).toBe(0);
  });

  test('the same difference the other way round is better', () => {
    const earlier = [18, 18.4, 17.5].map((recoverSeconds, i) =>
      gameDay(`gd-f${i}`, [result({ ...fragileDatabase, recoverSeconds }, `fragile-${i}`)]),
    );
    const found = compare(usual[0]!, earlier);
    expect(figure(found, 'score/overall')!.change).toBe('better');
    expect(found.summary.worse).toBe(0);
  });

  test('what was alike in three runs and is not now may come and go; in seven it hardly does', () => {
    const three = figure(compare(fragile, usual.slice(0, 3)), 'verdict')!;
    expect(three).toMatchObject({ change: 'unknown', now: 'FAIL', earlier: ['PASS', 'PASS', 'PASS'] });
    expect(three.why).toContain('by chance does so in up to 11 %');
    const seven = Array.from({ length: 7 }, (_, i) => gameDay(`gd-s${i}`, [asUsual[i % 4]!.database]));
    expect(figure(compare(fragile, seven), 'verdict')).toMatchObject({ change: 'worse', noise: 'repeated' });
  });

  test('a difference that the steady-state rule takes for none is none, however alike the runs are', () => {
    const slower = result(
      { ...controlRun, answer: (_at, _endpoint, _t, random) => ({ outcome: 'ok', ms: 9 + random() }) },
      'slower',
    );
    const found = compare(gameDay('gd-slower', [slower]), usual);
    expect(figure(found, 'metrics/response-time/p50/before', 'control')).toMatchObject({ change: 'same' });
  });
});

describe('against one earlier run', () => {
  const slow: Story = {
    ...resilientDatabase,
    answer: (at, endpoint, t, random) => {
      const answer = resilientDatabase.answer(at, endpoint, t, random);
      return { ...answer, ms: answer.ms + 60 };
    },
  };
  const slower = gameDay('gd-slow', [result(slow, 'slow'), asUsual[1]!.control]);

  test('figures of a time in which nothing is broken are held against control runs', () => {
    const found = compare(slower, [usual[0]!]);
    for (const column of ['before', 'after']) {
      expect(figure(found, `metrics/response-time/p95/${column}`)).toMatchObject({ change: 'worse', noise: 'control' });
    }
    expect(figure(found, 'metrics/throughput/before')).toMatchObject({ change: 'same', noise: 'control' });
  });

  test('those of the fault are not told: nobody knows how much they differ from run to run', () => {
    const during = figure(compare(slower, [usual[0]!]), 'metrics/response-time/p95/during')!;
    expect(during).toMatchObject({ change: 'unknown', low: null, high: null, noise: null });
    expect(during.why).toBe('noise is not known: 3 earlier runs tell it, here is 1');
  });

  test('without control runs neither are the others', () => {
    const without = (of: Compared) => ({ ...of, runs: of.runs.filter((r) => r.id !== 'control') });
    const found = compare(without(slower), [without(usual[0]!)]);
    expect(figure(found, 'metrics/response-time/p95/before')).toMatchObject({ change: 'unknown' });
    expect(found.summary).toMatchObject({ worse: 0, better: 0 });
  });
});

describe('what is not compared', () => {
  const [now, earlier] = [usual[0]!, usual[1]!];
  const leftOut = (other: Compared) => compare(now, [earlier, other]).leftOut;

  test.each([
    ['another target', { target: 'second' }, 'its target is second, not sample'],
    ['another profile', { profile: 'full' }, 'its profile is full, not quick'],
    ['the same game-day', { id: now.id }, 'it is the same'],
  ])('%s', (_what, others, reason) => {
    const other: Compared = { ...usual[2]!, ...(others as Partial<Compared>) };
    expect(leftOut(other)).toEqual([{ id: other.id, reason }]);
  });

  test('a run that is not conclusive, and one with another load', () => {
    const { database } = asUsual[2]!;
    const { runId } = database;
    const invalid: ScenarioResult = { ...database, verdict: 'INVALID' };
    expect(leftOut(gameDay('gd-2', [invalid]))).toEqual([{ id: runId, reason: 'it is INVALID' }]);
    const busier: ScenarioResult = { ...database, setup: { ...database.setup, users: 150 } };
    expect(leftOut(gameDay('gd-2', [busier]))).toEqual([{ id: runId, reason: 'its load, phases or fault are others' }]);
  });

  test('where nothing is left there are only the reasons', () => {
    const { scenarios, earlier: compared, leftOut: reasons } = compare(now, [{ ...earlier, target: 'second' }]);
    expect([scenarios, compared]).toEqual([[], []]);
    expect(reasons).toEqual([{ id: 'gd-1', reason: 'its target is second, not sample' }]);
  });
});

test('as text it names what changed with its interval and its noise, and never a percentage alone', () => {
  const text = comparisonText(compare(fragile, usual));
  expect(text).toMatch(/^gd-fragile against gd-0, gd-1, gd-2, gd-3 \(target sample, profile quick\)\n/);
  expect(text).toMatch(
    /\n {2}worse: Score \d\.\d \/10, earlier .*; difference -\d.* \[-\d.*, -\d.*\] points; beyond the noise of 4 earlier runs\n/,
  );
  expect(text).toMatch(
    /\d+ figures: 0 better, \d+ worse, \d+ no different beyond noise, \d+ not told\.\nOf those held against noise chance alone makes about [\d.]+ look changed\.$/,
  );
});
