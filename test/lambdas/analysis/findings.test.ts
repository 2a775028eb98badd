import { advice, rowAdvice } from '../../../lambdas/analysis/advice.ts';
import { analyse } from '../../../lambdas/analysis/analyse.ts';
import { behaviours } from '../../../lambdas/analysis/behaviours/registry.ts';
import { metrics } from '../../../lambdas/analysis/metrics/registry.ts';
import { scoredBehaviours } from '../../../lambdas/analysis/score.ts';
import { scenarios } from '../../../lambdas/scenarios/registry.ts';
import { pairs, resilientCrash } from './support/host-stories.ts';
import {
  controlRun,
  fragileCache,
  fragileDatabase,
  resilientCache,
  resilientDatabase,
  served,
} from './support/stories.ts';
import { type Story, tell } from './support/story.ts';

const resultOf = (story: Story) => analyse(tell(story).evidence);

const resilient = [controlRun, resilientDatabase, resilientCache, ...pairs.map(([good]) => good)];

test.each(resilient)('a run as it should be has no issue (run %#)', (story) => {
  const { issues, weaknesses, recommendations } = resultOf(story);
  expect({ issues, weaknesses, recommendations }).toEqual({ issues: [], weaknesses: [], recommendations: [] });
});

test('a fragile target: what fell short is an issue, a weakness, and has its remedy by priority', () => {
  const { issues, recommendations } = resultOf(fragileDatabase);
  expect(issues.map((i) => i.evidence)).toEqual(
    expect.arrayContaining(['database-failure/behaviours/health-503', 'database-failure/rpo/users']),
  );
  const priorityOf = (evidence: string) => recommendations.find((r) => r.evidence === evidence)?.priority;
  expect(priorityOf('database-failure/behaviours/health-503')).toBe('P0');
  expect(priorityOf('database-failure/behaviours/error-messages')).toBe('P1');
  expect(priorityOf('database-failure/rpo/transactions')).toBe('P0');
});

test('lost sessions are found by class, the rest stays a strength', () => {
  const { issues, strengths } = resultOf(fragileCache);
  expect(issues.some((i) => /Acknowledged writes were lost \(sessions\)/.test(i.text))).toBe(true);
  expect(strengths.some((s) => /found again \(users \d+, transactions \d+\)/.test(s.text))).toBe(true);
});

test('every finding names evidence that is in the result', () => {
  for (const story of [fragileDatabase, fragileCache, resilientCache, ...pairs.flat()]) {
    const r = resultOf(story);
    for (const f of [...r.issues, ...r.strengths, ...r.weaknesses, ...r.risks, ...r.recommendations]) {
      for (const path of f.evidence.split(', ')) {
        const [id, part, key] = path.split('/') as [string, 'behaviours' | 'rpo' | 'rto' | 'metrics', string?];
        expect(id).toBe(r.id);
        const list = r[part];
        expect(Array.isArray(list) ? list.some((x) => ('id' in x ? x.id : x.class) === key) : list).toBeTruthy();
      }
    }
  }
});

test('what deviates without a fault is an issue of the control run', () => {
  const drifting: Story = { ...controlRun, answer: (at, _e, t, random) => served(random, at > t.inject + 4 ? 90 : 4) };
  const result = resultOf(drifting);
  expect(result.verdict).toBe('FAIL');
  expect(result.issues).toEqual([expect.objectContaining({ evidence: 'control/behaviours/no-deviation' })]);
});

test('a recovery beyond the limit is an issue and a risk, not a made-up figure', () => {
  const { issues, risks } = resultOf({ ...resilientDatabase, recoverSeconds: 200, recoveryLimit: 60 });
  const about = expect.objectContaining({
    text: expect.stringMatching(
      /Not back in steady state 60.0 s after the revert; whether it meets 5 min is not known/,
    ),
  });
  expect(issues).toContainEqual(about);
  expect(risks).toContainEqual(about);
});

test('every behaviour and every row has its advice, and every scored behaviour exists', () => {
  expect(Object.keys(advice).sort()).toEqual(Object.keys(behaviours).sort());
  expect(Object.keys(rowAdvice).sort()).toEqual(
    Object.keys(metrics)
      .filter((id) => id !== 'recovery-time')
      .sort(),
  );
  for (const id of Object.values(scoredBehaviours).flat()) expect(behaviours).toHaveProperty(id);
});

test('every row and every line of every scenario has its rule, and speaks for the score', () => {
  const scored: readonly string[] = Object.values(scoredBehaviours).flat();
  for (const { metrics: rows, behaviours: lines, id } of scenarios) {
    for (const row of rows) expect(metrics).toHaveProperty(row.id);
    for (const line of lines) {
      expect(behaviours).toHaveProperty(line.id);
      if (id !== 'control') expect(scored).toContain(line.id);
    }
    const parts = Object.values(scoredBehaviours) as (readonly string[])[];
    for (const part of parts) if (id !== 'control') expect(lines.some((l) => part.includes(l.id))).toBe(true);
  }
});

describe.each(pairs)('$scenario.id', (good, bad) => {
  const [healthy, broken] = [resultOf(good), resultOf(bad)];

  test('what a resilient target shows, a fragile one does not, and nothing the other way round', () => {
    expect(healthy.behaviours.map((b) => [b.id, b.observed])).toEqual(healthy.behaviours.map((b) => [b.id, 'yes']));
    expect(broken.behaviours.map((b) => [b.id, b.observed])).toEqual(broken.behaviours.map((b) => [b.id, 'no']));
  });

  test('passes and scores high, or falls short of what is required and scores low', () => {
    expect(healthy.verdict).toBe('PASS');
    const required = broken.behaviours.some((b) => b.required);
    expect(broken.verdict).toBe(required ? 'FAIL' : 'PASS');
    expect(healthy.score!.coverage).toBe(1);
    expect(healthy.score!.overall! - broken.score!.overall!).toBeGreaterThan(4);
  });

  test('each line that fell short has its remedy, by priority', () => {
    for (const b of broken.behaviours) {
      const remedy = broken.recommendations.find((r) => r.evidence === `${good.scenario.id}/behaviours/${b.id}`);
      expect(remedy).toMatchObject({ priority: b.required ? 'P0' : 'P1', text: advice[b.id] });
    }
  });
});

test('a row that was not measured is a risk, not a finding', () => {
  const { evidence } = tell(resilientCrash);
  const result = analyse({
    ...evidence,
    scenario: { ...evidence.scenario, metrics: [{ id: 'cpu-usage', label: 'CPU Usage' }] },
    hostSamples: [],
  });
  expect(result.risks).toContainEqual({
    text: 'CPU Usage is not known: not measured: the host sampler delivered nothing.',
    evidence: 'application-crash/metrics/cpu-usage',
  });
  expect(result.issues).toEqual([]);
});
