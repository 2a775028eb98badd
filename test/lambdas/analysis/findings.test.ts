import { advice } from '../../../lambdas/analysis/advice.ts';
import { analyse } from '../../../lambdas/analysis/analyse.ts';
import { behaviours } from '../../../lambdas/analysis/behaviours/registry.ts';
import { scoredBehaviours } from '../../../lambdas/analysis/score.ts';
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

test.each([controlRun, resilientDatabase, resilientCache])('a run as it should be has no issue (run %#)', (story) => {
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
  for (const story of [fragileDatabase, fragileCache, resilientCache]) {
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

test('every behaviour has its advice, and every scored one exists', () => {
  expect(Object.keys(advice).sort()).toEqual(Object.keys(behaviours).sort());
  for (const id of Object.values(scoredBehaviours).flat()) expect(behaviours).toHaveProperty(id);
});
