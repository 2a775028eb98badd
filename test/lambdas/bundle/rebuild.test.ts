import { resultOf } from '../../../lambdas/analysis/analyse.ts';
import { factsOf } from '../../../lambdas/analysis/facts.ts';
import { timelineOf } from '../../../lambdas/analysis/timeline.ts';
import { gameDayText } from '../../../lambdas/bundle/game-day-file.ts';
import { NoBundle, rebuild } from '../../../lambdas/bundle/rebuild.ts';
import { evidenceOf } from '../../../lambdas/bundle/run-evidence.ts';
import { buildReport, type ReportInput } from '../../../lambdas/report/build-report.ts';
import { reportFiles } from '../../../lambdas/report/report-files.ts';
import { fragileCache, resilientDatabase } from '../analysis/support/stories.ts';
import { tell } from '../analysis/support/story.ts';
import { evidenceFiles } from '../support/bundle.ts';

const stories = [resilientDatabase, fragileCache].map((story) => {
  const { evidence } = tell(story);
  const runId = `gd-1-${story.scenario.id}`;
  return { ...evidence, run: { ...evidence.run, runId } };
});
const bundles = stories.map(({ run: { runId }, ...evidence }, i) => {
  const files = evidenceFiles({ ...stories[i]!, ...evidence });
  const facts = factsOf(evidenceOf(runId, files));
  const result = resultOf(facts);
  return { runId, files, result, timeline: timelineOf(facts), text: JSON.stringify(result) };
});
const input: ReportInput = {
  gameDayId: 'gd-1',
  startedAt: 1_760_000_000,
  endedAt: 1_760_000_300.5,
  mode: 'local',
  profile: 'quick',
  target: stories[0]!.target,
  results: bundles.map(({ result }) => result),
  notRun: [{ id: 'control', reason: 'nobody asked' }],
};
const report = new Map(
  reportFiles(
    buildReport(input),
    bundles.map(({ timeline }) => timeline),
  ).map(({ name, text }) => [name, text]),
);
const gameDay = new Map([
  ['game-day.json', Buffer.from(gameDayText(input))],
  ...bundles.flatMap(({ runId, files }) => [...files].map(([path, b]) => [`runs/${runId}/${path}`, b] as const)),
]);

test('evidence reads from its files as it was measured', () => {
  const [evidence] = stories;
  const { windows, events, samples, ledger, readback, generator, run } = evidence!;
  expect(evidenceOf(run.runId, bundles[0]!.files)).toMatchObject({
    windows,
    events,
    samples,
    ledger,
    readback,
    generator,
    run,
  });
});

test("a run's result is the same to the byte, from its evidence alone", () => {
  const [first] = bundles;
  const files = new Map([...first!.files, ['result.json', Buffer.from('{"verdict":"PASS"}')]]);
  const { texts, madeBy } = rebuild(files);
  expect([...texts]).toEqual([
    ['result.json', first!.text],
    ['timeline.json', JSON.stringify(first!.timeline)],
  ]);
  expect(madeBy).toEqual(['1.2.3']);
});

test("a game-day's report is the same to the byte, from its evidence alone and in whatever order it is read", () => {
  const lying = new Map([
    ...[...gameDay].reverse(),
    [`runs/${bundles[0]!.runId}/result.json`, Buffer.from('{"verdict":"PASS"}')],
  ]);
  const { texts } = rebuild(lying);
  expect(texts.get('report.json')).toBe(report.get('report.json'));
  expect(texts.get('report.md')).toBe(report.get('report.md'));
  expect([...texts.keys()]).toEqual([...report.keys()]);
});

test('other evidence gives another report', () => {
  const path = `runs/${bundles[0]!.runId}/windows/00001.jsonl`;
  const fewer = Buffer.from(gameDay.get(path)!).toString('utf8').split('\n').slice(3).join('\n');
  const { texts } = rebuild(new Map([...gameDay, [path, Buffer.from(fewer)]]));
  expect(texts.get('report.json')).not.toBe(report.get('report.json'));
});

test('a folder that is no bundle is told by what it lacks', () => {
  expect(() => rebuild(new Map([['report.json', Buffer.from('{}')]]))).toThrow(NoBundle);
  const lacking = new Map([...bundles[0]!.files].filter(([path]) => path !== 'configuration.json'));
  expect(() => rebuild(lacking)).toThrow("configuration.json is not among the run's evidence");
});
