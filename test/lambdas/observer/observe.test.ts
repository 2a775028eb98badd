import type { Sample } from '../../../lambdas/evidence/sample.ts';
import { observe, slice } from '../../../lambdas/observer/observe.ts';
import type { Probes } from '../../../lambdas/observer/probes.ts';
import type { Run } from '../../../lambdas/runs/run.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { contextOf } from '../support/context.ts';
import { aRun, aSample, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

/** Probes that take `seconds` of the clock, and say which slice asked. */
function probes(clock: FakeClock, seconds: number): Probes {
  return {
    versions: async () => ({ PostgreSQL: '18.4' }),
    async sample(): Promise<Sample> {
      const at = clock.now();
      await clock.sleep(seconds);
      return aSample(Math.floor(at), { at: at - Math.floor(at) });
    },
  } as unknown as Probes;
}

async function observed(run: Run, index: number, from: number, probeSeconds = 0.05, onTick = async (_: number) => {}) {
  const clock = fakeClock(from, onTick);
  const context = await contextOf(store, run, { clock, probes: probes(clock, probeSeconds) });
  return { ...(await observe(context, index)), until: clock.now() };
}

async function created(changes: Partial<Run> = {}): Promise<Run> {
  const run = aRun({ createdAt: start + 0.4, ...changes });
  await store.runs.create(run);
  return run;
}

const secondsSeen = async ({ runId }: Run) => (await store.runs.samples(runId)).map((s) => s.t);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

test('two lanes of overlapping slices see every second once', async () => {
  const run = await created();
  // As the machine has them: each lane begins its next slice when the last one ends.
  const lanes = [start + 0.5, start + 0.5];
  for (const index of [0, 1, 2, 3]) {
    const { ended, until } = await observed(run, index, lanes[index % 2]!);
    expect(ended).toBe(false);
    const late = until - (run.createdAt + slice.stride * index + slice.length);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(1);
    lanes[index % 2] = until;
  }
  expect(await secondsSeen(run)).toEqual(range(start, start + 3 * slice.stride + slice.length + 1));
});

test('a slice that begins late still leaves no gap to the one before it', async () => {
  const run = await created();
  await observed(run, 0, start + 0.5);
  await observed(run, 1, run.createdAt + slice.stride + 4);
  expect(await secondsSeen(run)).toEqual(range(start, start + slice.stride + slice.length + 1));
});

test('before its time a slice only waits', async () => {
  const run = await created();
  await observed(run, 2, start + 60);
  expect((await secondsSeen(run))[0]).toBeGreaterThanOrEqual(start + 2 * slice.stride);
});

test('probes that take nearly a second leave no gap', async () => {
  const run = await created();
  await observed(run, 0, start + 0.5, 0.95);
  expect(await secondsSeen(run)).toEqual(range(start, start + 61));
});

test('it ends early, with the experiment', async () => {
  const run = await created();
  const end = await observed(run, 0, start + 0.5, 0.05, async (now) => {
    if (now >= start + 10 && now < start + 11) await store.runs.enterPhase(run.runId, 'verify', now, null);
  });
  expect(end.ended).toBe(true);
  expect(end.until).toBeLessThan(start + 12);
});

test.each(['verify', 'analyse', 'done'] as const)('it does not begin when the run is in %s', async (phase) => {
  const run = await created({ phase });
  expect(await observed(run, 1, start + 40)).toEqual({ ended: true, until: start + 40 });
  expect(await secondsSeen(run)).toEqual([]);
});

test('it ends by itself when the run is longer over than any run can be', async () => {
  const run = await created();
  expect((await observed(run, 100, start + 5500)).ended).toBe(true);
  expect(await secondsSeen(run)).toEqual([]);
});

test('the first slice notes the versions that the target tells, and no other does', async () => {
  const run = await created();
  await observed(run, 0, start + 0.5);
  await observed(run, 1, run.createdAt + slice.stride);
  const tools = (await store.runs.events(run.runId)).filter(({ type }) => type === 'tools');
  expect(tools.map(({ detail }) => detail)).toEqual([{ PostgreSQL: '18.4' }]);
});
