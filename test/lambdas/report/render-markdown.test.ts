import { analyse } from '../../../lambdas/analysis/analyse.ts';
import type { Evidence } from '../../../lambdas/analysis/evidence.ts';
import { buildReport } from '../../../lambdas/report/build-report.ts';
import { renderMarkdown } from '../../../lambdas/report/render-markdown.ts';
import {
  controlRun,
  fragileCache,
  fragileDatabase,
  resilientCache,
  resilientDatabase,
} from '../analysis/support/stories.ts';
import { type Story, tell } from '../analysis/support/story.ts';

const resultOf = (story: Story, change: Partial<Evidence> = {}) => analyse({ ...tell(story).evidence, ...change });
const render = (results: ReturnType<typeof analyse>[], more = {}) =>
  renderMarkdown(
    buildReport({
      gameDayId: 'g0101-120000',
      startedAt: 1_760_000_000,
      endedAt: 1_760_000_240,
      mode: 'local',
      profile: 'quick',
      target: tell(controlRun).evidence.target,
      results,
      ...more,
    }),
  );

const good = render([resultOf(controlRun), resultOf(resilientDatabase), resultOf(resilientCache)]);
const bad = render([resultOf(fragileDatabase), resultOf(fragileCache)]);
const empty = render([]);

const section = (markdown: string, heading: string) => {
  const start = markdown.indexOf(`\n## ${heading}`);
  return markdown.slice(start, markdown.indexOf('\n---\n', start));
};

describe.each([
  ['a resilient target', good],
  ['a fragile target', bad],
  ['a game-day without a run', empty],
])('the report of %s', (_what, markdown) => {
  test('has rows as wide as their tables, and no empty cell but in the row of the overall score', () => {
    const lines = markdown.split('\n');
    const cells = (line: string) => line.split(/(?<!\\)\|/).slice(1, -1);
    lines.forEach((line, i) => {
      if (!line.startsWith('| ') || line.startsWith('| **Overall**')) return;
      let top = i;
      while (lines[top - 1]?.startsWith('|')) top--;
      expect(cells(line)).toHaveLength(cells(lines[top]!).length);
      for (const cell of cells(line)) expect(cell.trim()).not.toBe('');
    });
  });
});

test('a healthy run reports that nothing was observed', () => {
  const control = section(good, 'Control Run (no fault)');
  expect(control).toMatch(/### Issues Identified\n\n- None observed/);
  expect(section(good, 'Scenario 2')).toMatch(/### Issues Identified\n\n- None observed/);
});

test('a run that proves nothing does not claim that there was nothing', () => {
  const invalid = section(render([resultOf(fragileDatabase, { generator: null })]), 'Scenario 1');
  expect(invalid).toMatch(/### Issues Identified\n\n- Not known: the run is INVALID\n/);
});

test('Execution shows the calls that were sent, with their ids, and Locust as it was started; no secret', () => {
  const execution = section(good, 'Scenario 1');
  expect(execution).toMatch(/ecs UpdateService \{"cluster":"target","service":"database","desiredCount":0\}/);
  expect(execution).toMatch(/\(request id request-1760000026\.6\)/);
  expect(execution).toMatch(/LOCUST_USERS=100 LOCUST_SPAWN_RATE=10/);
  expect(good).not.toMatch(/swordfish/);
  const known = render([resultOf(controlRun, { locustCommand: 'locust -f locustfile.py --master --headless' })]);
  expect(known).toContain('\nlocust -f locustfile.py --master --headless\n');
});

test('the cells hold the figures that were measured', () => {
  expect(good).toMatch(/\| Error Rate \| 0 % \| 75.0 % \| 0 % \| ⚠️ degraded \|/);
  expect(good).toMatch(/\| Database Failure \| < 5 min \| \d\.\d s \[\d\.\d, \d\.\d\] \| ✅ yes \|/);
  expect(good).toMatch(
    /\| User Data \| < 15 min \| 0\.0 s \(0 of \d+ acknowledged writes lost in 3 runs\) \| ✅ yes \|/,
  );
  expect(bad).toMatch(/- \*\*Health Check Response\*\*: ❌ not as expected: no 503 in 20 health probes/);
});

test('a scenario that was not run says so in every cell, and why once', () => {
  const reason = 'the operator chose two scenarios';
  const skipped = section(render([], { notRun: [{ id: 'network-latency', reason }] }), 'Scenario 3');
  expect(skipped.split(reason)).toHaveLength(2);
  expect(skipped).toMatch(/\| Timeout Errors \| not run \| not run \| not run \| not run \|/);
});

test('what others wrote cannot break the document', () => {
  const { evidence } = tell(resilientDatabase);
  const hostile = 'a | b\n## Heading\n```\n<script>x</script> [click](http://evil) `code` *bold*';
  const markdown = render([
    analyse({
      ...evidence,
      run: { ...evidence.run, stopRequested: { reason: hostile, by: hostile, at: 1 } },
      events: evidence.events.map((e) => (e.type === 'fault-landed' ? { ...e, detail: { proof: hostile } } : e)),
    }),
  ]);
  expect(markdown).not.toMatch(/^## Heading/m);
  expect(markdown).not.toMatch(/^```$\n<script>/m);
  const outsideCode = markdown.replace(/^(`{3,})bash\n[\s\S]*?\n\1$/gm, '');
  expect(outsideCode).not.toMatch(/[^\\]<script>|[^\\]\]\(http/);
  expect(outsideCode).toMatch(/a \\\| b/);
});
