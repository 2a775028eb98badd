import { analyse } from '../../../lambdas/analysis/analyse.ts';
import type { Compared } from '../../../lambdas/comparison/compared.ts';
import { comparedRun } from '../../../lambdas/comparison/figures.ts';
import { buildReport, type ReportInput } from '../../../lambdas/report/build-report.ts';
import { renderHtml } from '../../../lambdas/report/html/render-html.ts';
import { renderMarkdown } from '../../../lambdas/report/render-markdown.ts';
import { fragileDatabase, resilientDatabase } from '../analysis/support/stories.ts';
import { type Story, tell } from '../analysis/support/story.ts';

const day = 86_400;
const start = Date.UTC(2026, 1, 1, 9) / 1000;
const result = (story: Story, recoverSeconds: number) =>
  analyse(tell({ ...story, recoverSeconds, seed: `recovered after ${recoverSeconds}` }).evidence);

const earlier = [4.3, 4.7, 5.2].map(
  (seconds, i): Compared => ({
    id: `gd-${i}`,
    startedAt: start + i * day,
    target: 'sample',
    profile: 'quick',
    runs: [comparedRun(result(resilientDatabase, seconds))],
  }),
);
const input: ReportInput = {
  gameDayId: 'gd-now',
  startedAt: start + 3 * day,
  endedAt: start + 3 * day + 300,
  mode: 'local',
  profile: 'quick',
  target: { id: 'sample', endpoint: 'http://app:8000', rpoSeconds: { users: 900, transactions: 300, sessions: 60 } },
  results: [result(fragileDatabase, 18)],
};

test('without an earlier game-day of its target and profile a report says nothing of any', () => {
  for (const others of [undefined, [], [{ ...earlier[0]!, target: 'second' }]]) {
    const report = buildReport({ ...input, earlier: others });
    expect(report.summary.sinceEarlier).toBeNull();
    expect(renderMarkdown(report)).not.toContain('Since Earlier');
    expect(renderHtml(report, [])).not.toContain('Since earlier');
  }
});

test('with earlier ones it has their scores, the oldest first, and what changed beyond noise', () => {
  const { sinceEarlier } = buildReport({ ...input, earlier }).summary;
  expect(sinceEarlier!.earlier.map((e) => e.gameDayId)).toEqual(['gd-0', 'gd-1', 'gd-2']);
  const [scores] = sinceEarlier!.scores;
  expect(scores!.scenario).toBe('database-failure');
  expect(scores!.earlier).toHaveLength(3);
  expect(Math.min(...(scores!.earlier as number[]))).toBeGreaterThan(scores!.now!);
  const score = sinceEarlier!.changes.find(({ label }) => label === 'Score')!;
  expect(score).toMatchObject({ scenario: 'database-failure', change: 'worse', unit: 'points' });
  expect(score.high!).toBeLessThan(0);
});

test('people read it in both forms, each change with its interval and its noise', () => {
  const report = buildReport({ ...input, earlier });
  const change =
    /Database Failure: worse: Score \d\.\d \/10, earlier .*; difference -\d.* points; beyond the noise of 3 earlier runs/;
  const markdown = renderMarkdown(report);
  expect(markdown).toMatch(
    /### Since Earlier Game-Days\n\n\| Score \| 2026-02-01 09:00 \| 2026-02-02 09:00 \| 2026-02-03 09:00 \| This one \|/,
  );
  expect(markdown).toMatch(change);
  expect(renderHtml(report, [])).toMatch(change);
});
