import { analyse } from '../../../lambdas/analysis/analyse.ts';
import { buildReport } from '../../../lambdas/report/build-report.ts';
import { renderMarkdown } from '../../../lambdas/report/render-markdown.ts';
import { pairs, singleProcess } from '../analysis/support/host-stories.ts';
import {
  controlRun,
  fragileCache,
  fragileDatabase,
  resilientCache,
  resilientDatabase,
} from '../analysis/support/stories.ts';
import { type Story, tell } from '../analysis/support/story.ts';
import { blankDocument, missingInOrder, skeletonOf } from './support/document.ts';

const game = (stories: readonly Story[]) =>
  buildReport({
    gameDayId: 'g0101-120000',
    startedAt: 1_760_000_000,
    endedAt: 1_760_000_840,
    mode: 'local',
    profile: 'quick',
    target: tell(controlRun).evidence.target,
    results: stories.map((s) => analyse(tell(s).evidence)),
  });

const good = game([
  controlRun,
  resilientDatabase,
  resilientCache,
  ...pairs.slice(0, -1).map(([g]) => g),
  singleProcess,
]);
const bad = game([controlRun, fragileDatabase, fragileCache, ...pairs.map(([, b]) => b)]);
const blank = skeletonOf(blankDocument());

describe.each([
  ['a resilient target', good],
  ['a fragile target', bad],
  ['a game-day without a run', game([])],
])('the report of %s', (_what, report) => {
  const markdown = renderMarkdown(report);
  const filled = skeletonOf(markdown);

  test('has every heading of the blank document, in its order', () => {
    expect(blank.headings.length).toBeGreaterThan(60);
    expect(missingInOrder(blank.headings, filled.headings)).toEqual([]);
  });

  test('has every table of it, with its columns and its rows', () => {
    expect([...blank.tables.values()].flat()).toHaveLength(9);
    for (const [heading, tables] of blank.tables) {
      const own = filled.tables.get(heading) ?? [];
      for (const { header, rows } of tables) {
        const same = own.find((t) => t.header.join('|') === header.join('|'));
        expect({ heading, header, missing: missingInOrder(rows, same?.rows ?? []) }).toEqual({
          heading,
          header,
          missing: [],
        });
      }
    }
  });

  test('has every line of its lists', () => {
    for (const [heading, lines] of blank.lines) {
      expect({ heading, missing: missingInOrder(lines, filled.lines.get(heading) ?? []) }).toEqual({
        heading,
        missing: [],
      });
    }
  });

  test('holds nothing that is still to be determined', () => {
    expect(markdown).not.toMatch(/TBD|⏳|undefined|\bnull\b|NaN|\[object/);
  });
});

test('of seven failures and a control nothing is left out, in whatever state the target is', () => {
  for (const report of [good, bad]) {
    expect(report.notRun).toEqual([]);
    expect(report.scenarios).toHaveLength(8);
  }
});

test('where everything was run, every cell and every line is measured', () => {
  for (const { scenarios } of [good, bad]) {
    for (const { id, metrics, behaviours, rto } of scenarios) {
      for (const m of metrics) {
        const cells = [m.before, m.during, m.after].map((c) => c.display).join(' | ');
        expect({ id, row: m.id, status: m.status, cells }).not.toMatchObject({ status: 'not-measured' });
        expect({ id, cells }).toEqual({ id, cells: expect.not.stringMatching(/not measured/) });
      }
      for (const b of behaviours) expect([id, b.id, b.observed]).not.toContain('unknown');
      if (id !== 'control') expect(rto).not.toBeNull();
    }
  }
  expect(good.summary.rto.map((r) => r.metText)).toEqual(Array(4).fill('✅ yes'));
  expect(good.summary.rpo.map((r) => r.metText)).toEqual(Array(3).fill('✅ yes'));
  expect(good.summary.scores.every((s) => s.score?.overall != null)).toBe(true);
});

test('cells and lines hold the figures that were measured', () => {
  const text = renderMarkdown(good);
  expect(text).toMatch(/\| User Experience \| Excellent \(Apdex 1\.00/);
  expect(text).toMatch(/\| Request Timeout \| 0 \(slowest \d+ ms\) \| 6\d \(1\d/);
  expect(text).toMatch(/- \*\*OOM Killer\*\*: ✅ as expected: the kernel's OOM killer ended 0 processes/);
  expect(renderMarkdown(bad)).toMatch(/- \*\*Swap Thrashing\*\*: ❌ not as expected: thrashing in 2\d/);
});

describe('the text for the disaster recovery plan', () => {
  const planOf = (report: typeof good, id: string) => report.summary.recoveryPlan.find((p) => p.scenario === id)!.text;

  test('is a paragraph for each failure that was measured, with its action, its RTO and its RPO', () => {
    expect(good.summary.recoveryPlan.map((p) => p.scenario)).toEqual(
      good.scenarios.map((s) => s.id).filter((id) => id !== 'control'),
    );
    const database = planOf(good, 'database-failure');
    expect(database).toMatch(
      /^Database Failure \(Stop PostgreSQL service\)\. Recovery action: Restart PostgreSQL\. The application then returns by itself\./,
    );
    expect(database).toMatch(
      /Users are served as before within \d\.\d s from the recovery action \(measured \d\.\d s; target 5 min, met\)\./,
    );
    expect(database).toMatch(
      /No acknowledged write is lost \(RPO 0 s; users \d+, transactions \d+, sessions \d+ read back\)\./,
    );
    expect(planOf(good, 'application-crash')).toMatch(/served as before within \d\.\d s from the kill/);
    expect(planOf(good, 'memory-pressure')).toMatch(
      /Users notice nothing; it is over within 1\.5 s .*Neither users nor the health check show it/,
    );
  });

  test('says what does not hold', () => {
    const database = planOf(bad, 'database-failure');
    expect(database).toMatch(/does not simply return by itself: recovered .* only after a restart/);
    expect(database).toMatch(/Acknowledged writes are lost: users up to \d+\.\d s \(\d+ of \d+\)/);
    expect(database).toMatch(/Before relying on it: Let the health check answer 503/);
    expect(planOf(bad, 'application-crash')).toMatch(
      /Plan for more than \d+\.\d s from the kill: not recovered by then \(target 2 min, not shown to be met\)/,
    );
  });

  test('is printed, and says so where there is none', () => {
    expect(renderMarkdown(good)).toMatch(
      /### Text for the Disaster Recovery Plan\n\n- \*\*database-failure\*\*: Database Failure \(Stop/,
    );
    expect(renderMarkdown(game([]))).toMatch(/### Text for the Disaster Recovery Plan\n\n- No conclusive run/);
  });
});

test("notes on the set-up stand in the scenario's section, run or not", () => {
  for (const report of [good, game([])]) {
    const text = renderMarkdown(report);
    const section = text.slice(text.indexOf('## Scenario 4'), text.indexOf('## Scenario 5'));
    expect(section).toMatch(/- \*\*Note\*\*: The document executes "SELECT pg_sleep\(10\), \\\* FROM stories/);
    expect(section).toMatch(/LOCK TABLE stories, users, whispers IN ACCESS EXCLUSIVE MODE/);
  }
});
