import { analyse } from '../../../lambdas/analysis/analyse.ts';
import { buildReport, type ReportInput } from '../../../lambdas/report/build-report.ts';
import { renderMarkdown } from '../../../lambdas/report/render-markdown.ts';
import type { Score } from '../../../lambdas/report/report.schema.ts';
import { scenarioIds } from '../../../lambdas/scenarios/scenario.ts';
import {
  controlRun,
  fragileCache,
  fragileDatabase,
  resilientCache,
  resilientDatabase,
} from '../analysis/support/stories.ts';
import { type Story, tell } from '../analysis/support/story.ts';

const resultOf = (story: Story) => analyse(tell(story).evidence);
const { target } = tell(controlRun).evidence;
const input: ReportInput = {
  gameDayId: 'g0101-120000',
  startedAt: 1_760_000_000,
  endedAt: 1_760_000_240,
  mode: 'local',
  profile: 'quick',
  target,
  results: [resultOf(resilientCache), resultOf(controlRun), resultOf(resilientDatabase)],
};
const fragile = { ...input, results: [resultOf(fragileDatabase), resultOf(fragileCache)] };

test('every scenario is in the report once, run or not, in the order of the game-day', () => {
  const { scenarios, notRun } = buildReport(input);
  expect(scenarios.map((s) => s.id)).toEqual(['control', 'database-failure', 'cache-failure']);
  expect([...scenarios, ...notRun].map((s) => s.id).sort()).toEqual([...scenarioIds].sort());
});

test("a target's own RTO stands in the row of a scenario that was not run as well", () => {
  const { rto } = buildReport({ ...input, target: { ...target, rtoSeconds: { 'application-crash': 45 } } }).summary;
  expect(rto.map((r) => [r.scenario, r.targetSeconds])).toContainEqual(['application-crash', 45]);
});

test('what was not run gives its reason and has its rows', () => {
  const reason = 'stopped before it began';
  const report = buildReport({ ...input, results: [], notRun: [{ id: 'cache-failure', reason }] });
  const cache = report.notRun.find((n) => n.id === 'cache-failure')!;
  expect(cache.reason).toBe(reason);
  expect(cache.metrics.map((m) => m.before.display)).toEqual(['not run', 'not run', 'not run', 'not run']);
  expect(report.notRun.find((n) => n.id === 'slow-query')!.reason).toBe('not part of this game-day');
  expect(report.notRun.find((n) => n.id === 'control')!.reason).toBe('not part of this game-day');
  expect(report.summary.overall.score).toBeNull();
});

test('the same results give the same report, byte for byte', () => {
  expect(JSON.stringify(buildReport(input))).toBe(
    JSON.stringify(buildReport({ ...input, results: [...input.results].reverse() })),
  );
});

test('the RTO table has the four rows of the document', () => {
  const { rto } = buildReport(input).summary;
  expect(rto.map((r) => [r.failure, r.targetSeconds])).toEqual([
    ['Database Failure', 300],
    ['Cache Failure', 60],
    ['Application Crash', 120],
    ['Network Issue', 300],
  ]);
  expect(rto.map((r) => r.metText)).toEqual(['✅ yes', '✅ yes', 'not run', 'not run']);
});

test('the RPO table has the three classes and takes the worst run of each', () => {
  const { rpo } = buildReport(fragile).summary;
  expect(rpo.map((r) => r.failure)).toEqual(['User Data', 'Transactions', 'Session Data']);
  expect(rpo[0]!.actual).toMatch(/28 of 86 acknowledged writes lost in 2 runs, worst in database-failure/);
  expect(buildReport(input).summary.rpo.every((r) => r.met === true && r.seconds === 0)).toBe(true);
});

test('a run that proves nothing claims no objective', () => {
  const invalid = analyse({ ...tell(resilientDatabase).evidence, generator: null });
  const { summary } = buildReport({ ...input, results: [invalid] });
  expect(summary.rto[0]).toMatchObject({ actual: 'not measured: the run is INVALID', met: null, seconds: null });
  expect(summary.rpo[0]).toMatchObject({ met: null, seconds: null });
  expect(summary.scores[0]).toMatchObject({ score: null, reason: 'the run is INVALID' });
});

test('the overall score is the mean of what was scored, with its coverage', () => {
  const { scores, overall } = buildReport(input).summary;
  const scored = scores.flatMap((s) => s.score?.overall ?? []);
  expect(overall.score).toBeCloseTo((scored[0]! + scored[1]!) / 2, 1);
  expect(overall.coverage).toBeCloseTo(2 / 6, 2);
});

test('the overall score says how much was not tested, and of what', () => {
  const { notTested } = buildReport(input).summary.overall;
  expect(notTested).toMatch(/^67 % was not tested: Network Latency \(not run\), Slow Queries \(not run\), /);
  const unseen = input.results.map((r) => ({ ...r, score: r.score && { ...r.score, coverage: 0.8 } }));
  expect(buildReport({ ...input, results: unseen }).summary.overall.notTested).toMatch(
    /^73 % was not tested: 20 % of Database Failure, 20 % of Cache Failure, Network/,
  );
  expect(renderMarkdown(buildReport(input))).toContain(notTested);
});

test("the overall score's interval is that of a mean of independent runs", () => {
  const scored = (intervals: (Score['overallInterval'] | undefined)[]) => {
    const results = [resilientDatabase, resilientCache].map(resultOf).map((r, i) => ({
      ...r,
      score: { ...r.score!, overall: 8, overallInterval: intervals[i] ?? null },
    }));
    const report = buildReport({ ...input, results });
    return { interval: report.summary.overall.interval, text: renderMarkdown(report) };
  };
  const { interval, text } = scored([
    { low: 5, high: 8 },
    { low: 4, high: 9 },
  ]);
  expect(interval).toEqual({ low: 5.5, high: 8.5 });
  expect(text).toContain('| **Overall** | | | | 8.0 /10 [5.5, 8.5] |');
  expect(scored([{ low: 5, high: 8 }]).interval).toBeNull();
});

test('a recommendation that two runs call for is made once, at its highest priority', () => {
  const { recommendations } = buildReport(fragile).summary;
  const texts = recommendations.map((r) => r.text);
  expect(new Set(texts).size).toBe(texts.length);
  const sessions = recommendations.find((r) => /class sessions/.test(r.text))!;
  expect(sessions.evidence).toBe('database-failure/rpo/sessions, cache-failure/rpo/sessions');
  expect(recommendations.map((r) => r.priority)).toEqual(recommendations.map((r) => r.priority).sort());
});

describe('the execution checklist', () => {
  const itemOf = (report: ReturnType<typeof buildReport>, item: RegExp) =>
    report.summary.checklist.find((c) => item.test(c.item))!;

  test('has the ten items; what nobody recorded is not done, and says so', () => {
    const report = buildReport(input);
    expect(report.summary.checklist).toHaveLength(10);
    expect(itemOf(report, /Backup/)).toMatchObject({ done: null, evidence: 'not recorded' });
    expect(itemOf(report, /Execute each/)).toMatchObject({ done: false, evidence: '3 run, 5 not run' });
    expect(itemOf(report, /baseline/)).toMatchObject({ done: true });
  });

  test('is done only where every run did it', () => {
    const entry = { item: 'Backup database', done: true, evidence: 'snapshot rds:1' };
    expect(itemOf(buildReport({ ...input, checklist: [entry] }), /Backup/)).toMatchObject({
      done: true,
      evidence: 'snapshot rds:1',
    });
    const mixed = [entry, { item: 'database backup', done: false, evidence: 'no snapshot' }];
    expect(itemOf(buildReport({ ...input, checklist: mixed }), /Backup/)).toMatchObject({
      done: false,
      evidence: 'no snapshot',
    });
  });

  test('tells all of what was done, and of what was not only that', () => {
    const told = { item: 'Notify team', done: true, evidence: 'start told' };
    const both = [told, { ...told, evidence: 'end told' }];
    expect(itemOf(buildReport({ ...input, checklist: both }), /Notify/)).toMatchObject({
      done: true,
      evidence: 'start told; end told',
    });
    const half = [told, { ...told, done: false, evidence: 'nobody is subscribed' }];
    expect(itemOf(buildReport({ ...input, checklist: half }), /Notify/)).toMatchObject({
      done: false,
      evidence: 'nobody is subscribed',
    });
  });

  test('has the logs captured where every run kept those of every group', () => {
    const column = { lines: 7, errors: 1, warnings: 0, cut: false };
    const log = { group: '/shop/app', problem: null, before: column, during: column, after: column, first: [] };
    const withLogs = (...logs: (typeof log)[][]) =>
      buildReport({ ...input, results: input.results.map((r, i) => ({ ...r, logs: logs[i] ?? [log] })) });
    expect(itemOf(buildReport(input), /logs/)).toMatchObject({
      done: false,
      evidence: 'metrics of 3 of 3 runs; logs of no group were kept',
    });
    expect(itemOf(withLogs(), /logs/)).toMatchObject({
      done: true,
      evidence: 'metrics of 3 of 3 runs; 63 log lines of 1 groups in 3 of 3 runs',
    });
    const denied = { ...log, problem: 'AccessDenied: no' as never };
    expect(itemOf(withLogs([{ ...log, before: { ...column, cut: true } }], [denied]), /logs/)).toMatchObject({
      done: false,
      evidence:
        'metrics of 3 of 3 runs; 63 log lines of 1 groups in 2 of 3 runs, some of them cut; /shop/app: AccessDenied: no',
    });
  });

  test('says what was found, what has to be done first, and what to test again', () => {
    const { checklist, nextSteps } = buildReport(fragile).summary;
    expect(itemOf(buildReport(fragile), /findings/).evidence).toMatch(
      /^\d+ issues, \d+ strengths, \d+ weaknesses, \d+ risks$/,
    );
    expect(checklist.find((c) => /action items/.test(c.item))!.evidence).toMatch(
      /^\d+ recommendations: \d+ P0, \d+ P1, \d+ P2; P0: .*database-failure\/rpo\/users/,
    );
    const step = (word: RegExp) => nextSteps.find((s) => word.test(s.item))!;
    expect(step(/Re-test/)).toMatchObject({
      done: false,
      evidence: expect.stringMatching(/^repeat database-failure \(FAIL: .*Automatic Retry.*\); cache-failure \(FAIL: /),
    });
    expect(step(/disaster/).evidence).toBe('text for database-failure, cache-failure stands below');
    expect(step(/critical/).evidence).toMatch(/^\d+ recommendations of priority P0: .*cache-failure\/rpo\/sessions/);
  });

  test('takes what the run itself recorded', () => {
    const { evidence } = tell(resilientDatabase);
    const event = {
      at: 1,
      type: 'checklist' as const,
      detail: { item: 'rollback ready', done: true, evidence: 'undo record written' },
    };
    const report = buildReport({ ...input, results: [analyse({ ...evidence, events: [event, ...evidence.events] })] });
    expect(itemOf(report, /rollback/)).toMatchObject({
      done: true,
      evidence: 'undo record written; database-failure: undo record 0.1 s before the first call, ecs UpdateService',
    });
  });
});

test('credentials in the endpoint do not reach the report', () => {
  const report = buildReport({ ...input, target: { ...target, endpoint: 'http://user:swordfish@app:8080/' } });
  expect(JSON.stringify(report)).not.toMatch(/swordfish/);
});

describe('a run that was stopped', () => {
  const { evidence } = tell(resilientCache);
  const stopRequested = { reason: 'enough', by: 'ann', at: evidence.run.createdAt + 60 };
  const stopped = analyse({ ...evidence, run: { ...evidence.run, stopRequested } });
  const report = buildReport({ ...input, results: [stopped] });

  test('settles no next step: nothing was shown to be in order', () => {
    const steps = report.summary.nextSteps;
    for (const item of ['Fix critical issues', 'Implement missing resilience patterns']) {
      expect(steps.find((s) => s.item === item)).toEqual({ item, done: null, evidence: 'no conclusive run' });
    }
    const settled = buildReport({ ...input, results: [resultOf(resilientCache)] }).summary.nextSteps;
    expect(settled.find((s) => s.item === 'Fix critical issues')).toMatchObject({ done: true });
  });

  test('has no RTO and no RPO at a glance either', () => {
    const row = renderMarkdown(report)
      .split('\n')
      .find((line) => line.startsWith('| Cache Failure'))!;
    expect(row.split('|').slice(3, 5)).toEqual([' not measured: ABORTED ', ' not measured: ABORTED ']);
  });
});
