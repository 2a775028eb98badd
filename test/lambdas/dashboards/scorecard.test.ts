import { latestRuns, scorecardTable } from '../../../lambdas/dashboards/scorecard.ts';
import { controlRun, fragileDatabase } from '../analysis/support/stories.ts';
import { reportOn } from '../report/support/sample-report.ts';
import { aRun, start } from '../support/run.ts';

const run = (changes: Parameters<typeof aRun>[0]) => aRun({ verdict: 'PASS', endedAt: start + 100, ...changes });

test('the latest run that has ended counts, of each target and scenario, in the order of the report', () => {
  const newestFirst = [
    run({ runId: 'gd-4', scenario: 'database-failure', verdict: null }),
    run({ runId: 'gd-3', scenario: 'database-failure', verdict: 'FAIL' }),
    run({ runId: 'gd-2', scenario: 'database-failure' }),
    run({ runId: 'gd-1', scenario: 'control' }),
    run({ runId: 'gd-0', scenario: 'control', targetId: 'blog' }),
  ];
  expect(latestRuns(newestFirst).map((r) => r.runId)).toEqual(['gd-0', 'gd-1', 'gd-3']);
});

test('the table has verdict, RTO and RPO with their targets, and score of each', () => {
  const { report } = reportOn([controlRun, fragileDatabase]);
  const latest = report.scenarios.map((result) => ({
    run: run({
      runId: result.runId,
      scenario: result.id,
      verdict: result.verdict,
      verdictReason: result.reason ?? null,
    }),
    result,
  }));
  const table = scorecardTable(latest);
  expect(table.match(/<tr>/g)).toHaveLength(3);
  expect(table).toMatch(
    /database-failure<\/th><td>shop<\/td><td><b>FAIL<\/b><\/td>\n<td>\d+\.\d s \[.*\] \(target 5 min\)/,
  );
  expect(table).toMatch(/\(84 of \d+\)|\(\d+ of \d+\)/);
});

test('a run without a result is there, its reason is a text, and nothing at all is said', () => {
  const reason = '<script>alert(1)</script>';
  const table = scorecardTable([{ run: run({ verdict: 'ERROR', verdictReason: reason }), result: null }]);
  expect(table).toContain('&lt;script&gt;');
  expect(table).toContain('no result');
  expect(scorecardTable([])).toBe('<p>No run has ended yet.</p>');
});
