import { analyse } from '../../../lambdas/analysis/analyse.ts';
import { controlRun, resilientDatabase } from '../../lambdas/analysis/support/stories.ts';
import { tell } from '../../lambdas/analysis/support/story.ts';
import { alarmsOf } from './alarms.ts';

const control = analyse(tell(controlRun).evidence);

test('a run in which nothing was wrong raises none', () => {
  expect(alarmsOf(control)).toEqual([]);
});

test('a verdict, an issue, a row outside its band and a lost write are one each', () => {
  const users = control.rpo[0]!;
  const alarming = {
    ...control,
    verdict: 'FAIL' as const,
    reason: 'it is slow',
    issues: [{ text: 'it is slow', evidence: 'control' }],
    metrics: control.metrics.map((m, i) => (i === 0 ? { ...m, status: 'degraded' as const, rule: 'too slow' } : m)),
    rpo: [{ ...users, lost: 1, text: '1 of 20' }],
  };
  expect(alarmsOf(alarming)).toEqual([
    'FAIL: it is slow',
    'an issue: it is slow',
    'Error Rate: too slow',
    'lost data: 1 of 20',
  ]);
});

test('so are a fault and a recovery from it', () => {
  const { fault, rto } = analyse(tell(resilientDatabase).evidence);
  expect(alarmsOf({ ...control, fault, rto })).toEqual([
    expect.stringMatching(/^a fault: /),
    expect.stringMatching(/^a recovery: /),
  ]);
});
