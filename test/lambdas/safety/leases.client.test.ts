import { LeaseLost, leaseSeconds, TargetLeased, TargetNotRestored } from '../../../lambdas/safety/leases.client.ts';
import { fakeClock } from '../support/clock.ts';
import { newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

const restored = async () => true;
const faulted = async () => false;

let targets = 0;
function aTarget() {
  const clock = fakeClock(start);
  return { name: `target/${++targets}`, clock, leases: store.leases(clock) };
}

test('a second run is refused, and told who holds it', async () => {
  const { name, clock, leases } = aTarget();
  await leases.take([name], 'run-1', restored);
  clock.set(start + leaseSeconds);
  const refused = leases.take([name], 'run-2', restored);
  await expect(refused).rejects.toThrow(TargetLeased);
  await expect(refused).rejects.toMatchObject({
    holder: 'run-1',
    message: `${name} is in use by run run-1; stop that run or wait for its end`,
  });
});

test('the same run may take it again, which renews it', async () => {
  const { name, clock, leases } = aTarget();
  await leases.take([name], 'run-1', restored);
  clock.set(start + leaseSeconds - 1);
  await leases.take([name], 'run-1', restored);
  clock.set(start + leaseSeconds + 1);
  await expect(leases.take([name], 'run-2', restored)).rejects.toThrow(TargetLeased);
});

test('a run takes all that its target consists of, or nothing', async () => {
  const { leases } = aTarget();
  const [shared, own, other] = [`service/${newRunId()}`, `target/${newRunId()}`, `target/${newRunId()}`];
  await leases.take([own, shared], 'run-1', restored);
  await expect(leases.take([other, shared], 'run-2', restored)).rejects.toThrow(`${shared} is in use by run run-1`);
  await expect(leases.take([other], 'run-3', restored)).resolves.toBeUndefined();
});

describe('a lease that nobody renewed in time', () => {
  test('goes to the next run, although the table still has its item', async () => {
    const { name, clock, leases } = aTarget();
    await leases.take([name], 'run-1', restored);
    clock.set(start + leaseSeconds + 1);
    await leases.take([name], 'run-2', restored);
    await expect(leases.take([name], 'run-1', restored)).rejects.toThrow('by run run-2');
  });

  test('does not, while the fault of the run that had it is not proven gone', async () => {
    const [{ name, clock, leases }, next] = [aTarget(), newRunId()];
    await leases.take([name], 'run-1', restored);
    clock.set(start + leaseSeconds + 1);
    const refused = leases.take([name], next, faulted);
    await expect(refused).rejects.toThrow(TargetNotRestored);
    await expect(refused).rejects.toThrow('left by run run-1');
    expect(await leases.isHeldBy(next)).toBe(false);
  });
});

describe('renewing', () => {
  test('keeps it from expiring', async () => {
    const [{ name, clock, leases }, runId] = [aTarget(), newRunId()];
    await leases.take([name], runId, restored);
    clock.set(start + leaseSeconds - 5);
    await leases.renew(runId);
    clock.set(start + 2 * leaseSeconds - 6);
    await expect(leases.take([name], 'run-2', restored)).rejects.toThrow(TargetLeased);
  });

  test('fails once another run has it, and leaves it to that one', async () => {
    const [{ name, clock, leases }, runId, next] = [aTarget(), newRunId(), newRunId()];
    await leases.take([name], runId, restored);
    clock.set(start + leaseSeconds + 1);
    await leases.take([name], next, restored);
    await expect(leases.renew(runId)).rejects.toThrow(LeaseLost);
    expect(await leases.isHeldBy(next)).toBe(true);
  });

  test('does not bring back what was released', async () => {
    const [{ name, leases }, runId] = [aTarget(), newRunId()];
    await leases.take([name], runId, restored);
    await leases.release(runId);
    await expect(leases.renew(runId)).rejects.toThrow(LeaseLost);
    expect(await leases.isHeldBy(runId)).toBe(false);
  });

  test('and releasing at the same time end with it released', async () => {
    const [{ name, leases }, runId] = [aTarget(), newRunId()];
    await leases.take([name], runId, restored);
    const renewals = Array.from({ length: 5 }, () =>
      leases.renew(runId).catch((error) => expect(error).toBeInstanceOf(LeaseLost)),
    );
    await Promise.all([leases.release(runId), ...renewals]);
    expect(await leases.isHeldBy(runId)).toBe(false);
  });
});

test('it is released by its holder alone, and may be released twice', async () => {
  const [{ name, leases }, runId] = [aTarget(), newRunId()];
  await leases.take([name], runId, restored);
  await leases.release(newRunId());
  await expect(leases.take([name], 'run-2', restored)).rejects.toThrow(TargetLeased);
  await leases.release(runId);
  await leases.release(runId);
  await expect(leases.take([name], 'run-2', restored)).resolves.toBeUndefined();
});

test('exactly one of many that want it at the same moment has it', async () => {
  const { name } = aTarget();
  const shared = `service/${newRunId()}`;
  const starts = Array.from({ length: 20 }, (_, i) => store.leases().take([name, shared], `racer-${i}`, restored));
  const results = await Promise.allSettled(starts);
  expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
  for (const r of results) if (r.status === 'rejected') expect(r.reason).toBeInstanceOf(TargetLeased);
  expect(
    new Set((await store.leases().all()).filter((l) => [name, shared].includes(l.resource)).map((l) => l.runId)).size,
  ).toBe(1);
}, 30_000);
