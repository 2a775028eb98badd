import { rebuild } from '../../../lambdas/bundle/rebuild.ts';
import { verifyBundle } from '../../../lambdas/bundle/verify-bundle.ts';
import { resultKey } from '../../../lambdas/finish/analyse-run.ts';
import { type GameDay, planGameDay } from '../../../lambdas/game-day/game-day.ts';
import { writeReport } from '../../../lambdas/game-day/report.ts';
import type { Notice } from '../../../lambdas/notifications/announcement.ts';
import type { FaultlineEvent } from '../../../lambdas/notifications/events.ts';
import { reportLink } from '../../../lambdas/notifications/report-link.ts';
import { reportSchema } from '../../../lambdas/report/report.schema.ts';
import { resilientCache } from '../analysis/support/stories.ts';
import { tell } from '../analysis/support/story.ts';
import { fakeClock } from '../support/clock.ts';
import { servicesOn } from '../support/context.ts';
import { gameDayBundle } from '../support/game-day-bundle.ts';
import { newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

async function aGameDay(inapplicable: GameDay['inapplicable'] = [], gameDayId = newRunId()) {
  const plan = {
    gameDayId,
    scenarios: ['control' as const, 'cache-failure' as const],
    target: 'shop',
    profile: 'quick' as const,
  };
  const gameDay = await store.gameDays.create(planGameDay(plan, start, inapplicable));
  const told: Notice[] = [];
  const happened: FaultlineEvent[] = [];
  const notices = {
    async tell(notice: Notice) {
      told.push(notice);
      return { messageId: 'm-1', subscriptions: 2 };
    },
  };
  const write = (problems: [string, string][] = []) => {
    const services = {
      ...servicesOn(store, { clock: fakeClock(start + 300) }),
      notices,
      events: { put: async (event: FaultlineEvent) => void happened.push(event) },
      reportOf: (id: string) => reportLink(id, { bucket: store.bucket, region: 'eu-west-1', mode: 'aws' }),
    };
    return writeReport(gameDay.gameDayId, new Map(problems), services, 'local');
  };
  const report = async () =>
    reportSchema.parse(JSON.parse((await store.evidence.get(`game-days/${gameDay.gameDayId}/report.json`))!));
  return { gameDay, write, report, told, happened };
}

test('a run without a result is in the report with the reason of its execution', async () => {
  const { gameDay, write, report } = await aGameDay();
  const cause = JSON.stringify({ errorType: 'LeverPulled', errorMessage: 'the safety lever was pulled by ann: sale' });
  const problem = JSON.stringify({ Status: 'FAILED', Error: 'LeverPulled', Cause: cause });
  expect(await write([[gameDay.runs[0]!.runId, problem]])).toEqual({
    keys: ['json', 'md', 'html'].map((form) => `game-days/${gameDay.gameDayId}/report.${form}`),
    verdicts: {},
  });
  const notRun = new Map((await report()).notRun.map((n) => [n.id, n.reason]));
  expect(notRun.get('control')).toBe('LeverPulled: the safety lever was pulled by ann: sale');
  expect(notRun.get('cache-failure')).toBe(`it left no result; execution ${gameDay.gameDayId}-cache-failure says why`);
});

test('a scenario that does not apply to the target has no run, and its reason in the report', async () => {
  const reason = "target 'shop' has no cache: this scenario does not apply to it";
  const { gameDay, write, report } = await aGameDay([{ scenario: 'cache-failure', reason }]);
  expect(gameDay.runs.map(({ scenario }) => scenario)).toEqual(['control']);
  await write();
  expect((await report()).notRun.find((n) => n.id === 'cache-failure')?.reason).toBe(reason);
});

test('a run that was not started because somebody stopped the game-day says so', async () => {
  const { gameDay, write, report } = await aGameDay();
  await store.gameDays.requestStop(gameDay.gameDayId, { reason: 'Ctrl-C', by: 'the terminal', at: start });
  await write();
  expect((await report()).notRun.find((n) => n.id === 'control')?.reason).toBe(
    'the game-day was stopped before it (Ctrl-C)',
  );
});

test('the game-day ends with its report, which is there for people as well', async () => {
  const { gameDay, write } = await aGameDay();
  await write();
  expect((await store.gameDays.get(gameDay.gameDayId)).endedAt).toBe(start + 300);
  expect(await store.evidence.get(`game-days/${gameDay.gameDayId}/report.md`)).toMatch(/^# /);
});

test('the team is told of the end once, however often the report is written, and the report says so', async () => {
  const { gameDay, write, report, told, happened } = await aGameDay();
  await write();
  await write();
  expect(happened.map(({ type }) => type)).toEqual(['Game-day ended']);
  expect(told).toEqual([
    {
      subject: 'Faultline: game-day on shop has ended',
      message: expect.stringMatching(
        new RegExp(
          `${gameDay.gameDayId} .*2027-01-15T08:05:00Z.*control: not run.*${gameDay.gameDayId}%2Freport.html`,
          's',
        ),
      ),
    },
  ]);
  const { checklist } = (await report()).summary;
  expect(checklist.find((c) => /Notify/.test(c.item))).toEqual({
    item: 'Notify team of testing window',
    done: false,
    evidence: "not recorded: the game-day did not come to 'told-start'",
  });
});

test('a result that is no result is not reported as one', async () => {
  const { gameDay, write } = await aGameDay();
  await store.evidence.put(resultKey(gameDay.runs[0]!.runId), '{"verdict":"PASS"}');
  await expect(write()).rejects.toThrow();
  expect((await store.gameDays.get(gameDay.gameDayId)).endedAt).toBeNull();
});

test('the report comes with what it was made of, and a manifest of both', async () => {
  const { gameDay, write } = await aGameDay();
  await write();
  const files = await store.evidence.files(`game-days/${gameDay.gameDayId}/`);
  expect([...files.keys()].sort()).toEqual([
    'checklist/told-end.json',
    'game-day.json',
    'manifest.json',
    'report.html',
    'report.json',
    'report.md',
  ]);
  expect(verifyBundle(files)).toEqual([]);
  const { texts } = rebuild(files);
  for (const name of ['report.md', 'report.html']) {
    expect(texts.get(name)).toBe(Buffer.from(files.get(name)!).toString('utf8'));
  }
  expect(Buffer.from(files.get('game-day.json')!).toString('utf8')).not.toContain('shop/database');
});

test('a later game-day of the same target is compared with the earlier ones, and so is its report when it is made again', async () => {
  const ids = [1, 2].map((i) => `${newRunId()}-${i}`).sort();
  const all = [];
  for (const [i, id] of ids.entries()) {
    const { evidence } = tell({ ...resilientCache, seed: id, recoverSeconds: 2.4 + i });
    const { gameDay, write, report } = await aGameDay([], id);
    const { runId } = gameDay.runs.find(({ scenario }) => scenario === 'cache-failure')!;
    const { run } = gameDayBundle(id, { ...evidence, run: { ...evidence.run, runId } });
    for (const [path, bytes] of run) await store.evidence.put(`runs/${runId}/${path}`, bytes);
    await write();
    all.push({ id, runId, report: await report() });
  }
  const [first, second] = all;
  expect(first!.report.summary.sinceEarlier).toBeNull();
  const { earlier, scores } = second!.report.summary.sinceEarlier!;
  expect(earlier.map((e) => e.gameDayId)).toEqual([first!.id]);
  expect(scores).toEqual([
    { scenario: 'cache-failure', now: expect.any(Number), earlier: [first!.report.scenarios[0]!.score!.overall] },
  ]);
  const files = await store.evidence.files(`game-days/${second!.id}/`);
  expect(files.has('earlier.json')).toBe(true);
  const ofRun = await store.evidence.files(`runs/${second!.runId}/`);
  for (const [path, bytes] of ofRun) files.set(`runs/${second!.runId}/${path}`, bytes);
  expect(verifyBundle(files)).toEqual([]);
  const { texts } = rebuild(files);
  for (const name of ['report.json', 'report.md', 'report.html']) {
    expect(texts.get(name)).toBe(Buffer.from(files.get(name)!).toString('utf8'));
  }
});
