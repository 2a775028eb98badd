import type { LivingCommand } from '../../../lambdas/hosts/hosts.client.ts';
import type { LoadTask } from '../../../lambdas/load/load-tasks.client.ts';
import { leaseSeconds } from '../../../lambdas/safety/leases.client.ts';
import { reap, watchSeconds } from '../../../lambdas/safety/reap.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { anUndoRecord, aRun, newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

const anyone = async () => true;

const aTask = (startedBy: string | null): LoadTask => ({
  arn: `task/${startedBy}`,
  startedBy,
  role: 'worker',
  lastStatus: 'RUNNING',
  address: null,
  stoppedReason: null,
});

/** Reaps `seconds` after the start; what other tests have left is not told. */
async function reaped(clock: FakeClock, tasks: LoadTask[] = [], samplers: LivingCommand[] = []) {
  const started: { runId: string; cause?: string; status: string }[] = [];
  const stopped: string[] = [];
  const openFaults: number[] = [];
  const result = await reap({
    clock,
    leases: store.leases(clock),
    undoRecords: store.undoRecords,
    runs: store.runs,
    cleanUps: { start: async (input) => void started.push(input) },
    loadTasks: { living: async () => tasks, stop: async ({ arn }) => void stopped.push(arn) },
    hosts: { living: async () => samplers, cancel: async (id) => void stopped.push(id) },
    openFaults: async (count) => void openFaults.push(count),
  });
  return { result, started, stopped, openFaults, of: (runId: string) => started.filter((s) => s.runId === runId) };
}

async function aLease(clock: FakeClock): Promise<string> {
  const runId = newRunId();
  await store.leases(clock).take([`target/${runId}`], runId, anyone);
  return runId;
}

afterEach(async () => {
  const leases = store.leases();
  for (const { runId } of await leases.all()) await leases.release(runId);
  for (const { runId } of await store.undoRecords.unfinished()) await store.undoRecords.close(runId, start);
});

/** Time in which these runs renew their leases again and again, as living ones do. */
function clockOf(...living: string[]): FakeClock {
  const clock = fakeClock(start, async () => {
    for (const runId of living) await store.leases(clock).renew(runId);
  });
  return clock;
}

test('a run that renews its lease is left alone, and watched until the next call', async () => {
  const runId = newRunId();
  const clock = clockOf(runId);
  await store.leases(clock).take([`target/${runId}`], runId, anyone);
  clock.set(start + 2);
  const { started } = await reaped(clock, [aTask(runId)]);
  expect(started).toEqual([]);
  expect(clock.now()).toBe(start + 2 + watchSeconds);
});

test('nothing is watched where nothing is leased', async () => {
  const clock = fakeClock(start);
  await reaped(clock);
  expect(clock.now()).toBe(start);
});

test('a run whose lease has expired is handed over, with the reason', async () => {
  const clock = fakeClock(start);
  const runId = await aLease(clock);
  clock.set(start + leaseSeconds + 1);
  const { of, result } = await reaped(clock);
  const cause = expect.stringMatching(/^nothing conducted it any more: its lease expired at 2027-01-15T08:00:45/);
  expect(of(runId)).toEqual([{ runId, status: 'ORPHANED', cause }]);
  expect(result.orphans).toEqual([{ runId, reason: cause }]);
});

test.each([0, 1, 20])(
  'a lease that is not renewed is watched until it has expired, %i s after its last renewal',
  async (age) => {
    const clock = fakeClock(start);
    const runId = await aLease(clock);
    clock.set(start + age);
    const { of } = await reaped(clock);
    expect(of(runId)).toHaveLength(1);
    expect(clock.now()).toBeGreaterThan(start + leaseSeconds);
    expect(clock.now()).toBeLessThan(start + leaseSeconds + 0.2);
  },
);

test('but not if it is renewed after all', async () => {
  const clock = fakeClock(start, async (now) => {
    if (now === start + 30) await store.leases(clock).renew(runId);
  });
  const runId = await aLease(clock);
  clock.set(start + 20);
  const { started } = await reaped(clock);
  expect(started).toEqual([]);
});

test('a fault that nobody is reverting is handed over, one with a living run is not', async () => {
  const living = newRunId();
  const clock = clockOf(living);
  await store.leases(clock).take([`target/${living}`], living, anyone);
  const left = newRunId();
  await store.undoRecords.write(anUndoRecord(living));
  await store.undoRecords.write(anUndoRecord(left));
  const { of, openFaults } = await reaped(clock);
  expect(of(left)).toEqual([
    { runId: left, status: 'ORPHANED', cause: 'its fault was not proven gone and no run takes care of it' },
  ]);
  expect(of(living)).toEqual([]);
  expect(openFaults).toEqual([1]);
});

test('an open fault is told, also when its clean-up cannot be started; none is not', async () => {
  const clock = fakeClock(start);
  const runId = await aLease(clock);
  await store.undoRecords.write(anUndoRecord(runId));
  clock.set(start + leaseSeconds + 1);
  const told: number[] = [];
  const reaping = reap({
    clock,
    leases: store.leases(clock),
    undoRecords: store.undoRecords,
    runs: store.runs,
    cleanUps: { start: () => Promise.reject(new Error('denied')) },
    loadTasks: { living: async () => [], stop: async () => undefined },
    hosts: { living: async () => [], cancel: async () => undefined },
    openFaults: async (count) => void told.push(count),
  });
  await expect(reaping).rejects.toThrow('denied');
  expect(told).toEqual([1]);
  await store.undoRecords.close(runId, start);
  expect((await reaped(clock)).openFaults).toEqual([]);
});

test('a run that was never finished and has no lease is handed over', async () => {
  const run = aRun();
  await store.runs.create(run);
  const { of } = await reaped(fakeClock(start));
  expect(of(run.runId)).toEqual([
    { runId: run.runId, status: 'ORPHANED', cause: 'nothing conducted it any more: it had no lease' },
  ]);
  await store.runs.finish(run.runId, 'ABORTED', 'cleaned up', start);
  expect((await reaped(fakeClock(start))).of(run.runId)).toEqual([]);
});

test('what one of them comes to does not keep the others from being cleaned up, and is told', async () => {
  const clock = fakeClock(start);
  const runs = [aRun(), aRun()];
  for (const run of runs) await store.runs.create(run);
  const tried: string[] = [];
  const stopped: string[] = [];
  const reaping = reap({
    clock,
    leases: store.leases(clock),
    undoRecords: store.undoRecords,
    runs: store.runs,
    cleanUps: { start: (input) => Promise.reject(new Error(`no ${tried.push(input.runId)}`)) },
    loadTasks: { living: async () => [aTask(null)], stop: async ({ arn }) => void stopped.push(arn) },
    hosts: { living: async () => [], cancel: async () => undefined },
    openFaults: async () => undefined,
  });
  await expect(reaping).rejects.toThrow('no 1');
  expect(tried).toEqual(expect.arrayContaining(runs.map(({ runId }) => runId)));
  expect(stopped).toEqual(['task/null']);
  for (const { runId } of runs) await store.runs.finish(runId, 'ABORTED', 'cleaned up', start);
});

test('load tasks without a run are ended, those of a run are not', async () => {
  const living = newRunId();
  const clock = clockOf(living);
  await store.leases(clock).take([`target/${living}`], living, anyone);
  const { stopped, result } = await reaped(clock, [aTask(living), aTask('gone'), aTask(null)]);
  expect(stopped).toEqual(['task/gone', 'task/null']);
  expect(result.tasks).toEqual(stopped);
});

test('the sampling of hosts for no run is ended as well', async () => {
  const living = newRunId();
  const clock = clockOf(living);
  await store.leases(clock).take([`target/${living}`], living, anyone);
  const samplers = [living, 'gone'].map((runId) => ({ commandId: `command-${runId}`, runId }));
  const { stopped, result } = await reaped(clock, [], samplers);
  expect(stopped).toEqual(['command-gone']);
  expect(result.tasks).toEqual(stopped);
});
