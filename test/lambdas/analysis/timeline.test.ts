import { factsOf } from '../../../lambdas/analysis/facts.ts';
import { seriesNames, type Timeline, timelineOf, timelineSchema } from '../../../lambdas/analysis/timeline.ts';
import { databaseFailure } from '../../../lambdas/scenarios/database-failure.ts';
import { fragileCrash, resilientMemory } from './support/host-stories.ts';
import { controlRun, fragileDatabase, resilientDatabase } from './support/stories.ts';
import { type Story, tell } from './support/story.ts';

function timelineOfStory(story: Story) {
  const { evidence, truth } = tell(story);
  return { timeline: timelineSchema.parse(timelineOf(factsOf(evidence))), truth, evidence };
}

const markOf = ({ marks }: Timeline, id: string) => marks.find((m) => m.id === id)?.at;
const valueAt = (t: Timeline, name: (typeof seriesNames)[number], at: number) =>
  t[name][Math.floor((at - t.start) / t.step)];

test('has a value, or null, of each series for every second of load', () => {
  const { timeline, truth } = timelineOfStory(resilientDatabase);
  expect(timeline).toMatchObject({ start: Math.floor(truth.load), step: 1, points: timeline.throughput.length });
  for (const name of seriesNames) expect(timeline[name]).toHaveLength(timeline.points);
});

test('shows what users saw: their requests, the failed ones and how long they took', () => {
  const story: Story = {
    scenario: databaseFailure,
    rps: (at, t) => (at >= t.fault && at < t.restored ? 40 : 100),
    answer: (at, _endpoint, t) =>
      at >= t.fault && at < t.restored
        ? { outcome: 'http_5xx', status: 500, ms: 900, text: 'no' }
        : { outcome: 'ok', ms: 4, cache: 'hit', queries: 1 },
  };
  const { timeline, truth } = timelineOfStory(story);
  const [before, during] = [truth.fault - 5, truth.fault + 5];
  expect(valueAt(timeline, 'throughput', before)).toBe(100);
  expect(valueAt(timeline, 'errorRate', before)).toBe(0);
  expect(valueAt(timeline, 'p50Ms', before)).toBeCloseTo(4, 1);
  expect(valueAt(timeline, 'throughput', during)).toBe(40);
  expect(valueAt(timeline, 'errorRate', during)).toBe(1);
  for (const p of ['p50Ms', 'p95Ms', 'p99Ms'] as const) expect(valueAt(timeline, p, during)).toBeCloseTo(900, -1);
  expect(timeline.limits!.p50Ms).toBeGreaterThan(4);
  expect(timeline.limits!.throughput).toBeLessThan(100);
});

test('a second in which nothing ended has no percentile and no error rate, and no requests', () => {
  const { timeline, truth } = timelineOfStory({
    ...controlRun,
    rps: (at, t) => (at === Math.floor(t.fault) + 3 ? 0 : 50),
  });
  const at = Math.floor(truth.fault) + 3;
  expect(valueAt(timeline, 'throughput', at)).toBe(0);
  for (const name of ['errorRate', 'p50Ms', 'p99Ms'] as const) expect(valueAt(timeline, name, at)).toBeNull();
});

test('dates what happened as the analysis does', () => {
  const { timeline, truth } = timelineOfStory(fragileDatabase);
  expect(markOf(timeline, 'landed')).toBeGreaterThanOrEqual(truth.fault);
  expect(markOf(timeline, 'revert')).toBe(timeline.phases.fault!.end);
  expect(markOf(timeline, 'symptom')! - truth.fault).toBeLessThan(2);
  expect(markOf(timeline, 'symptom')).toBeGreaterThanOrEqual(markOf(timeline, 'inject')!);
  expect(Math.abs(markOf(timeline, 'recovered')! - truth.recovered)).toBeLessThan(1.1);
  expect(timeline.marks.map((m) => m.at)).toEqual(timeline.marks.map((m) => m.at).toSorted((a, b) => a - b));
  expect(timelineOfStory(controlRun).timeline.marks).toEqual([]);
});

test('a crash is dated by its kill and by the process that came after it', () => {
  const { timeline } = timelineOfStory(fragileCrash);
  expect(timeline.marks.map((m) => m.id)).toContain('killed');
  expect(timeline.marks.map((m) => m.id)).not.toContain('revert');
});

test('the worst of what the health check answered counts', () => {
  const { timeline, truth } = timelineOfStory({
    ...controlRun,
    health: (at, t) => (at > t.fault + 2 && at < t.fault + 4 ? 503 : at > t.fault + 6 && at < t.fault + 8 ? null : 200),
  });
  expect(valueAt(timeline, 'health', truth.fault - 3)).toBe(200);
  expect(valueAt(timeline, 'health', truth.fault + 3)).toBe(503);
  expect(valueAt(timeline, 'health', truth.fault + 7)).toBe(0);
});

test('the host is shown where there is one', () => {
  const { timeline, truth } = timelineOfStory(resilientMemory);
  expect(valueAt(timeline, 'hostMemory', truth.fault + 5)!).toBeGreaterThan(
    valueAt(timeline, 'hostMemory', truth.fault - 5)!,
  );
  expect(timelineOfStory(controlRun).timeline.hostCpu.every((v) => v === null)).toBe(true);
});

test('a long run has several seconds in a point, with the percentiles of them all', () => {
  const { timeline, evidence } = timelineOfStory({
    scenario: databaseFailure,
    baselineSeconds: 500,
    holdSeconds: 600,
    recoveryLimit: 300,
    afterSeconds: 150,
    rps: 20,
    // The median of each second is 1 or 9 ms; of three of them it is neither's mean.
    answer: (at) => ({ outcome: 'ok', ms: Math.floor(at) % 3 === 0 ? 9 : 1, cache: 'hit', queries: 1 }),
  });
  const load = evidence.windows.length;
  expect(load).toBeGreaterThan(1200);
  expect(timeline.step).toBe(3);
  expect(timeline.points).toBe(Math.ceil(load / 3));
  expect(timeline.throughput.every((v) => v === 20)).toBe(true);
  for (const v of timeline.p50Ms.slice(0, -1)) expect(v).toBeCloseTo(1, 1);
  for (const v of timeline.p95Ms.slice(0, -1)) expect(v).toBeCloseTo(9, 1);
});

test('a run without load has no points, and says so', () => {
  const { evidence } = tell(controlRun);
  const empty = timelineOf(factsOf({ ...evidence, windows: [] }));
  expect(timelineSchema.parse(empty)).toMatchObject({ points: 0, throughput: [], step: 1 });
});
