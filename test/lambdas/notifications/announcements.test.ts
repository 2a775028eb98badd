import { readFileSync } from 'node:fs';
import { analyse } from '../../../lambdas/analysis/analyse.ts';
import { planGameDay } from '../../../lambdas/game-day/game-day.ts';
import { announce } from '../../../lambdas/notifications/announce.ts';
import type { Announcement } from '../../../lambdas/notifications/announcement.ts';
import { eventSchemas, eventsJsonSchema } from '../../../lambdas/notifications/events.ts';
import { gameDayEnded, gameDayStarted } from '../../../lambdas/notifications/of-game-day.ts';
import { runEnded, targetsMissed } from '../../../lambdas/notifications/of-run.ts';
import { startNotMade } from '../../../lambdas/notifications/of-schedule.ts';
import { reportLink } from '../../../lambdas/notifications/report-link.ts';
import type { ScenarioResult } from '../../../lambdas/report/report.schema.ts';
import { scheduleSchema } from '../../../lambdas/schedules/schedule.ts';
import { fragileDatabase } from '../analysis/support/stories.ts';
import { tell } from '../analysis/support/story.ts';
import { start } from '../support/run.ts';

const gameDay = planGameDay(
  { gameDayId: 'gd-1', target: 'shop', scenarios: ['control', 'cache-failure'], profile: 'quick', coolDownSeconds: 60 },
  start,
);
const report = reportLink('gd-1', { bucket: 'evidence', region: 'eu-west-1', mode: 'aws' });
const facts = { gameDayId: 'gd-1', target: 'shop', manifestSha256: 'ab'.repeat(32), report };
const measured = analyse(tell(fragileDatabase).evidence);
const rto = { ...measured.rto!, seconds: 21, targetSeconds: 10, met: false, text: '21.0 s [20.0, 22.0]' };
const [users] = measured.rpo;
const missing: ScenarioResult = {
  ...measured,
  verdict: 'FAIL',
  rto,
  rpo: [{ ...users!, class: 'users', lost: 7, seconds: 90, targetSeconds: 60, met: false, text: '90 s' }],
};
const schedule = scheduleSchema.parse({
  ...{ name: 'nightly', expression: 'rate(1 day)', target: 'shop', createdBy: 'ann', createdAt: start, last: null },
});
const leftOut = {
  ...{ scheduledTime: '2027-01-15T08:00:00Z', at: start, gameDayId: null },
  ...{ outcome: 'left-out' as const, reason: 'game-day gd-0 goes on' },
};

test.each<[string, Announcement]>([
  ['the start of a game-day', gameDayStarted({ ...gameDay, startedBy: 'ann' }, start)],
  ['the end of a game-day', gameDayEnded(gameDay, [{ id: 'control', verdict: 'PASS' }], start + 300, report)],
  ["a run's end", runEnded(missing, facts)],
  ["a run's end without figures", runEnded({ ...missing, rto: null, rpo: [], score: null }, facts)],
  ['the end of a run of no game-day', runEnded(missing, { ...facts, gameDayId: null, report: null })],
  ['a missed RTO', targetsMissed(missing, facts)[0]!],
  ['a missed RPO', targetsMissed(missing, facts)[1]!],
  ['a start that was left out', startNotMade(schedule, leftOut)],
])('%s fits the schema of its event, and a message of SNS', (_what, { notice, event }) => {
  expect(eventSchemas[event.type].strict().parse(JSON.parse(JSON.stringify(event.detail)))).toEqual(event.detail);
  expect(notice.subject).toMatch(/^[ -~]{1,100}$/);
  expect(notice.message).toMatch(/^[^\n](.|\n)*\n$/);
  expect(notice.message).not.toMatch(/undefined|null|NaN/);
});

test('docs/events.schema.json is the schema of the code', () => {
  // If this fails: node lambdas/notifications/export-schema.ts docs/events.schema.json
  expect(JSON.parse(readFileSync('docs/events.schema.json', 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(eventsJsonSchema())),
  );
});

test('the start says until when the target is tested, pauses and all, and how to stop it', () => {
  const { notice, event } = gameDayStarted(gameDay, start);
  const { expectedEnd } = event.detail as { expectedEnd: string };
  const without = gameDayStarted({ ...gameDay, coolDownSeconds: 0 }, start).event.detail as { expectedEnd: string };
  expect(Date.parse(expectedEnd) - Date.parse(without.expectedEnd)).toBe(60_000);
  expect(notice.message).toContain(`over by ${expectedEnd}`);
  expect(notice.message).toContain('npx faultline stop gd-1');
});

test('the end says who stopped it and what became of each run, with a link to the report', () => {
  const stopRequested = { by: 'ann', reason: 'sale', at: start };
  const { notice, event } = gameDayEnded(
    { ...gameDay, stopRequested },
    [{ id: 'control', verdict: 'ABORTED' }],
    start,
    report,
  );
  expect(event.detail).toMatchObject({
    stopped: { by: 'ann', reason: 'sale' },
    runs: [
      { scenario: 'control', verdict: 'ABORTED' },
      { scenario: 'cache-failure', verdict: null },
    ],
    report: { path: 'game-days/gd-1/report', object: 's3://evidence/game-days/gd-1/report.html' },
  });
  expect(notice.message).toMatch(/stopped by ann: sale\.\ncontrol: ABORTED\ncache-failure: not run\nReport: https:/);
});

test("a run's end has its verdict in the subject, and its figures, targets and digest in the message", () => {
  const { notice } = runEnded(missing, facts);
  expect(notice.subject).toBe('Faultline: database-failure on shop: FAIL');
  expect(notice.message).toContain('RTO: 21.0 s [20.0, 22.0], target 10 s\n');
  expect(notice.message).toContain('RPO of users: 90 s, target 1 min\n');
  expect(notice.message).toContain(facts.manifestSha256);
  const { message } = runEnded({ ...missing, rto: null, rtoReason: 'no fault' }, facts).notice;
  expect(message).toContain('RTO: no fault\n');
});

test('each missed target is told by itself; what was met, unknown or without a conclusion is not', () => {
  expect(targetsMissed(missing, facts).map(({ notice, event }) => [notice.subject, event.detail])).toEqual([
    [
      'Faultline: database-failure on shop missed a target of its RTO',
      expect.objectContaining({ objective: 'RTO', dataClass: null, seconds: 21, targetSeconds: 10 }),
    ],
    [
      'Faultline: database-failure on shop missed a target of its RPO',
      expect.objectContaining({ objective: 'RPO', dataClass: 'users', seconds: 90, targetSeconds: 60 }),
    ],
  ]);
  const met = { ...missing, rto: { ...rto, met: null }, rpo: [{ ...missing.rpo[0]!, met: true }] };
  expect(targetsMissed(met, facts)).toEqual([]);
  expect(targetsMissed({ ...missing, verdict: 'INVALID' }, facts)).toEqual([]);
});

test('on one machine there is no console to link to', () => {
  const local = reportLink('gd-1', { bucket: 'evidence', region: 'us-east-1', mode: 'local' });
  expect(local.console).toBeNull();
  expect(gameDayEnded(gameDay, [], start, local).notice.message).toContain('Report: s3://evidence/');
  expect(report.console).toBe(
    'https://eu-west-1.console.aws.amazon.com/s3/object/evidence?region=eu-west-1&prefix=game-days%2Fgd-1%2Freport.html',
  );
});

test('people and the event bus are told the same thing', async () => {
  const done: string[] = [];
  const told = await announce(startNotMade(schedule, leftOut), {
    notices: {
      tell: async ({ subject }, { type, detail }) => {
        done.push(`${type}, of ${detail.target}: ${subject}`);
        return { messageId: 'm-1', subscriptions: 1 };
      },
    },
    events: { put: async ({ type }) => void done.push(type) },
  });
  expect(told).toEqual({ messageId: 'm-1', subscriptions: 1 });
  expect(done).toEqual([
    'Scheduled start not made, of shop: Faultline: schedule nightly started no game-day',
    'Scheduled start not made',
  ]);
});
