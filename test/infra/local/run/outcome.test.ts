import type { LocalGameDayResult } from '../../../../infra/local/run/local-game-day.ts';
import { exitStatus, summary } from '../../../../infra/local/run/outcome.ts';
import type { Verdict } from '../../../../lambdas/runs/run.ts';
import type { ScenarioId } from '../../../../lambdas/scenarios/scenario.ts';

/** Only what is told of a report matters here. */
function result(
  verdicts: Partial<Record<ScenarioId, Verdict>>,
  notRun: Partial<Record<ScenarioId, string>> = {},
  stopped: string | null = null,
): LocalGameDayResult {
  const report = {
    scenarios: Object.entries(verdicts).map(([id, verdict]) => ({ id, verdict, reason: `${id} is so` })),
    notRun: Object.entries(notRun).map(([id, reason]) => ({ id, reason })),
  };
  return { report: report as never, folder: '/reports/gd-1', stopped };
}

const asked: ScenarioId[] = ['control', 'cache-failure'];

describe('the exit status', () => {
  test.each<[Verdict, Verdict, number]>([
    ['PASS', 'PASS', 0],
    ['PASS', 'FAIL', 1],
    ['INVALID', 'FAIL', 3],
    ['ERROR', 'PASS', 3],
    ['PASS', 'ABORTED', 4],
  ])('of %s and %s is %i: the worst counts', (control, cache, status) => {
    expect(exitStatus(result({ control, 'cache-failure': cache }), asked)).toBe(status);
    expect(exitStatus(result({ control: cache, 'cache-failure': control }), asked)).toBe(status);
  });

  test('is no success when a scenario that was asked for did not run', () => {
    expect(exitStatus(result({ control: 'PASS' }, { 'cache-failure': 'LeverPulled' }), asked)).toBe(3);
    expect(exitStatus(result({}), asked)).toBe(3);
  });

  test('is none of a scenario that is nothing for the target, unless nothing was run at all', () => {
    const notRun = { 'cache-failure': "target 'shop' has no cache: this scenario does not apply to it" };
    expect(exitStatus(result({ control: 'PASS' }, notRun), asked)).toBe(0);
    expect(exitStatus(result({}, notRun), ['cache-failure'])).toBe(3);
    expect(summary(result({ control: 'PASS' }, notRun), asked, 5)).toContain("N/A      cache-failure: target 'shop'");
  });

  test('says that it was stopped, whatever had passed before', () => {
    expect(exitStatus(result({ control: 'PASS', 'cache-failure': 'PASS' }, {}, 'Ctrl-C'), asked)).toBe(4);
    expect(exitStatus({ report: null, folder: null, stopped: 'Ctrl-C' }, asked)).toBe(4);
  });
});

describe('what is told in the end', () => {
  test('is a verdict for each scenario with its reason, and where the report is', () => {
    expect(summary(result({ control: 'PASS', 'cache-failure': 'FAIL' }), asked, 125)).toBe(
      [
        'PASS     control: control is so',
        'FAIL     cache-failure: cache-failure is so',
        'Report: /reports/gd-1/report.md (/reports/latest), after 2 min 5 s',
      ].join('\n'),
    );
  });

  test('names what was asked for and did not run, and why, and nothing that was not asked for', () => {
    const notRun = { 'cache-failure': 'LeverPulled: sale', 'slow-query': 'not part of this game-day' };
    const text = summary(result({ control: 'PASS' }, notRun), asked, 60);
    expect(text).toContain('NOT RUN  cache-failure: LeverPulled: sale');
    expect(text).not.toContain('slow-query');
  });

  test('says that it was stopped, and when there is nothing to read', () => {
    expect(summary({ report: null, folder: null, stopped: 'Ctrl-C' }, asked, 5)).toBe(
      'Stopped (Ctrl-C). Nothing had been measured, so there is no report.',
    );
  });
});
