import { FaultRefused } from '../../../lambdas/faults/fault.ts';
import { rehearseProof } from '../../../lambdas/faults/rehearse.ts';
import { inject, proveGone, proveLanded, revert } from '../../../lambdas/faults/steps.ts';
import { HostCommandFailed } from '../../../lambdas/hosts/host-errors.ts';
import type { Hosts } from '../../../lambdas/hosts/hosts.client.ts';
import { type Run, waitLimits } from '../../../lambdas/runs/run.ts';
import { leasedResources } from '../../../lambdas/safety/leased-resources.ts';
import { LeaseLost } from '../../../lambdas/safety/leases.client.ts';
import { fakeClock } from '../support/clock.ts';
import { contextOf } from '../support/context.ts';
import { FakeServices, type Service } from '../support/dependencies.ts';
import { FakeHosts, hostTarget } from '../support/hosts.ts';
import { aRun, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';
import { aTarget } from '../support/target.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

async function aFaultyRun(cache: Partial<Service> = {}, changes: Partial<Run> = {}) {
  const run = aRun({ scenario: 'cache-failure', ...changes });
  await store.runs.create(run);
  const services = new FakeServices({ cache, database: {} });
  const clock = fakeClock(start);
  const leases = store.leases(clock);
  for (const { runId } of await leases.all()) await leases.release(runId);
  await leases.take(leasedResources(aTarget(), []), run.runId, async () => true);
  // Anew for each step, as each Lambda has it.
  const context = () => contextOf(store, run, { clock, services });
  const eventsOf = async (...types: string[]) =>
    (await store.runs.events(run.runId)).filter((e) => types.includes(e.type));
  return { run, services, clock, context, eventsOf };
}

describe('the rehearsal', () => {
  test('measures and leaves nothing: the fault can be injected and reverted after it', async () => {
    const { run, services, context, eventsOf } = await aFaultyRun();
    expect(await rehearseProof(await context())).toEqual({ status: 'done' });
    expect(services.mutations).toEqual([]);
    expect(await store.undoRecords.get(run.runId)).toBeNull();
    expect(await eventsOf('fault-gone', 'api-call', 'phase')).toEqual([]);
    expect(await inject(await context())).toEqual({ status: 'done' });
  });

  test('fails where that the fault is gone could not be measured', async () => {
    const { services, context } = await aFaultyRun();
    let calls = 0;
    const autoScaling = services.autoScaling.bind(services);
    services.autoScaling = async (...of) => {
      if (++calls === 2) throw new Error('AccessDeniedException');
      return autoScaling(...of);
    };
    await expect(rehearseProof(await context())).rejects.toThrow('AccessDenied');
    expect(services.mutations).toEqual([]);
  });
});

describe('inject', () => {
  test('writes the undo record before the first mutation', async () => {
    const { run, services, context } = await aFaultyRun({ desiredCount: 2, runningCount: 2 });
    const seen: unknown[] = [];
    services.beforeMutation = async () => {
      seen.push(await store.undoRecords.get(run.runId));
    };
    await inject(await context());
    expect(seen).toEqual([
      expect.objectContaining({ status: 'open', original: expect.objectContaining({ desiredCount: 2 }) }),
    ]);
    expect(services.state('cache').runningCount).toBe(0);
  });

  test('leaves the undo record where the mutation fails, so that it can be reverted all the same', async () => {
    const { run, services, context } = await aFaultyRun();
    services.beforeMutation = () => {
      throw new Error('ThrottlingException');
    };
    await expect(inject(await context())).rejects.toThrow('ThrottlingException');
    expect(await store.undoRecords.get(run.runId)).toMatchObject({ status: 'open', original: { desiredCount: 1 } });
    services.beforeMutation = () => {};
    expect(await revert(await context())).toEqual({ reverted: true });
    expect(services.mutations).toEqual(['cache to 1']);
  });

  test('called again after its answer was lost, keeps the original state and injects again', async () => {
    const { services, context } = await aFaultyRun({ desiredCount: 3, runningCount: 3 });
    await inject(await context());
    await inject(await context());
    await revert(await context());
    expect(services.state('cache')).toMatchObject({ desiredCount: 3, runningCount: 3 });
  });

  test('a late injector mutates nothing after a tombstone', async () => {
    const { services, context } = await aFaultyRun();
    expect(await revert(await context())).toEqual({ reverted: false });
    await expect(inject(await context())).rejects.toThrow(/was reverted already: nothing is injected/);
    expect(services.mutations).toEqual([]);
  });

  test('an injector that is overtaken while it captures mutates nothing', async () => {
    const { run, services, context } = await aFaultyRun();
    const late = await context();
    const describeService = services.describe.bind(services);
    services.describe = async (...of) => {
      await store.undoRecords.tombstone(run.runId, start);
      return describeService(...of);
    };
    await expect(inject(late)).rejects.toThrow(FaultRefused);
    expect(services.mutations).toEqual([]);
  });

  test('nor does one that comes back after the revert', async () => {
    const { services, context } = await aFaultyRun();
    await inject(await context());
    await revert(await context());
    services.mutations.length = 0;
    await expect(inject(await context())).rejects.toThrow(FaultRefused);
    expect(services.mutations).toEqual([]);
  });

  test('a revert that comes between its look and its last call has the last word', async () => {
    const { run, services, context } = await aFaultyRun({ autoScaling: { scheduled: false, in: false, out: false } });
    const [injector, reverter] = [await context(), await context()];
    // The injector has looked at the tombstone, and is about to scale to 0.
    services.beforeMutation = async (call) => {
      if (call !== 'cache to 0') return;
      services.beforeMutation = () => {};
      await revert(reverter);
      // Nothing may be called gone while a call of the injector is on its way.
      const answer = await proveGone(await context());
      expect(answer.status).toBe('continue');
    };
    await expect(inject(injector)).rejects.toThrow(/reverted meanwhile: what was injected late is undone again/);
    expect(services.state('cache')).toMatchObject({
      desiredCount: 1,
      autoScaling: { scheduled: false, in: false, out: false },
    });
    expect(await proveGone(await context())).toEqual({ status: 'done' });
    expect((await store.undoRecords.get(run.runId))?.status).toBe('done');
  });

  test('an injector that was killed half-way is waited for until it cannot be at work any more', async () => {
    const { run, clock, context } = await aFaultyRun();
    await inject(await context());
    await store.undoRecords.setInjecting(run.runId, start + 90);
    await revert(await context());
    expect(await proveGone(await context())).toEqual({ status: 'continue' });
    clock.set(start + 91);
    expect(await proveGone(await context())).toEqual({ status: 'done' });
  });

  test.each([
    [
      'the run was asked to stop',
      (runId: string) => store.runs.requestStop(runId, { reason: 'no', by: 'ann', at: start }),
    ],
    ['the lever was pulled', () => store.lever.move(true, { by: 'ann', reason: 'no' })],
  ])('touches nothing when %s a moment before', async (_what, stop) => {
    const { run, services, context } = await aFaultyRun();
    await stop(run.runId);
    try {
      expect(await inject(await context())).toMatchObject({ status: 'stop', reason: expect.stringMatching(/no$/) });
    } finally {
      await store.lever.move(false, { by: 'ann', reason: 'yes' });
    }
    expect(services.mutations).toEqual([]);
  });

  test("touches nothing when the target is not the run's any more", async () => {
    const { run, services, clock, context } = await aFaultyRun();
    await store.leases(clock).release(run.runId);
    await expect(inject(await context())).rejects.toThrow(LeaseLost);
    expect(services.mutations).toEqual([]);
  });

  test('what could not be undone leaves no undo record', async () => {
    const { run, context } = await aFaultyRun({ desiredCount: 0, runningCount: 0 });
    await expect(inject(await context())).rejects.toThrow(FaultRefused);
    expect(await store.undoRecords.get(run.runId)).toBeNull();
  });

  test('the control scenario has nothing to inject', async () => {
    const { services, context } = await aFaultyRun({}, { scenario: 'control' });
    await expect(inject(await context())).rejects.toThrow('scenario control has no fault');
    expect(services.mutations).toEqual([]);
  });
});

describe('revert', () => {
  test('a second time is as good as once', async () => {
    const { services, context, eventsOf } = await aFaultyRun({ desiredCount: 2, runningCount: 2 });
    await inject(await context());
    await revert(await context());
    await revert(await context());
    expect(services.state('cache')).toMatchObject({ desiredCount: 2, runningCount: 2 });
    expect((await eventsOf('phase')).map((e) => e.detail.phase)).toEqual(['inject', 'revert']);
  });

  test('leaves alone what is proven gone', async () => {
    const { services, context } = await aFaultyRun();
    await inject(await context());
    await revert(await context());
    await proveGone(await context());
    services.mutations.length = 0;
    expect(await revert(await context())).toEqual({ reverted: false });
    expect(services.mutations).toEqual([]);
  });

  test('can be tried again when ECS refused it', async () => {
    const { services, context } = await aFaultyRun();
    await inject(await context());
    services.beforeMutation = () => {
      throw new Error('ServerException');
    };
    await expect(revert(await context())).rejects.toThrow('ServerException');
    services.beforeMutation = () => {};
    expect(await revert(await context())).toEqual({ reverted: true });
    expect(services.state('cache').runningCount).toBe(1);
  });
});

describe('the proof that the fault landed', () => {
  test('is an event with its measurement', async () => {
    const { context, eventsOf } = await aFaultyRun();
    await inject(await context());
    expect(await proveLanded(await context())).toEqual({ status: 'done' });
    expect((await eventsOf('fault-landed')).map((e) => e.detail)).toEqual([
      { proof: 'running tasks 0 of 1; connecting: ECONNREFUSED' },
    ]);
  });

  test('is asked for in slices shorter than a Lambda, then given up with an event and a stop', async () => {
    const { services, clock, context, eventsOf } = await aFaultyRun();
    services.isStuck = true;
    await inject(await context());
    const describeService = services.describe.bind(services);
    services.describe = async (...of) => {
      await clock.sleep(1.5);
      return describeService(...of);
    };
    const answers: string[] = [];
    while (answers.at(-1) !== 'stop') {
      const began = clock.now();
      answers.push((await proveLanded(await context())).status);
      expect(clock.now() - began).toBeLessThan(60);
      expect(clock.now() - start).toBeLessThan(waitLimits.proof + 60);
    }
    expect(answers.slice(0, -1)).toEqual(Array(answers.length - 1).fill('continue'));
    expect(clock.now() - start).toBeGreaterThanOrEqual(waitLimits.proof);
    const [event] = await eventsOf('fault-not-proven', 'fault-landed');
    expect(event).toMatchObject({ type: 'fault-not-proven', detail: { detail: expect.stringContaining('300 s') } });
  });

  test('ends at once when somebody asks the run to stop', async () => {
    const { run, services, clock, context, eventsOf } = await aFaultyRun();
    services.isStuck = true;
    await inject(await context());
    await store.runs.requestStop(run.runId, { reason: 'enough', by: 'ann', at: start });
    expect(await proveLanded(await context())).toEqual({ status: 'stop', reason: 'enough' });
    expect(clock.now()).toBe(start);
    expect(await eventsOf('fault-not-proven')).toEqual([]);
  });

  test('has nothing to look for where nothing was injected', async () => {
    const { context } = await aFaultyRun();
    await expect(proveLanded(await context())).rejects.toThrow('has no undo record: nothing was injected');
  });
});

describe('a fault on a host', () => {
  async function aHostRun() {
    const clock = fakeClock(start);
    const hosts = new FakeHosts(clock);
    const run = aRun({ scenario: 'memory-pressure', target: hostTarget, hosts: hosts.refs });
    await store.runs.create(run);
    const leases = store.leases(clock);
    for (const { runId } of await leases.all()) await leases.release(runId);
    await leases.take(leasedResources(hostTarget, run.hosts), run.runId, async () => true);
    const options = { clock, target: hostTarget, hosts: hosts as unknown as Hosts, probes: hosts.io().probes };
    const events = async () => (await store.runs.events(run.runId)).filter((e) => e.type.startsWith('fault-'));
    return { run, clock, hosts, leases, events, context: () => contextOf(store, run, options) };
  }

  test('goes its way from the undo record to the proof that it is gone', async () => {
    const { run, hosts, context, events } = await aHostRun();
    hosts.beforeRun = (document) => {
      if (document === 'Faultline-MemoryPressure') undone.push(store.undoRecords.get(run.runId));
    };
    const undone: Promise<unknown>[] = [];
    expect(await inject(await context())).toEqual({ status: 'done' });
    expect(await undone[0]).toMatchObject({
      status: 'open',
      original: { hosts: [{ instanceId: 'i-00000000000000001' }] },
    });
    expect(await proveLanded(await context())).toEqual({ status: 'done' });
    expect(await revert(await context())).toEqual({ reverted: true });
    expect(await proveGone(await context())).toEqual({ status: 'done' });
    expect((await events()).map((e) => e.type)).toEqual(['fault-landed', 'fault-gone']);
    expect(hosts.changes).toEqual(['Faultline-MemoryPressure', 'Faultline-Revert']);
  });

  test('is not injected where the run has lost one of its hosts', async () => {
    const { run, hosts, leases, context } = await aHostRun();
    await leases.release(run.runId);
    await leases.take(['target/shop'], run.runId, async () => true);
    await expect(inject(await context())).rejects.toThrow(LeaseLost);
    expect(hosts.changes).toEqual([]);
  });

  test('whose tool had no effect was not proven: the run stops, and nothing is an error', async () => {
    const { hosts, context, events } = await aHostRun();
    hosts.beforeRun = (document, instanceId) => {
      if (document !== 'Faultline-MemoryPressure') return;
      throw new HostCommandFailed({ document, instanceId }, 'Failed', 70, 'stress-ng does not run');
    };
    const stopped = await inject(await context());
    expect(stopped).toEqual({ status: 'stop', reason: expect.stringContaining('stress-ng does not run') });
    expect(await events()).toMatchObject([{ type: 'fault-not-proven', detail: { detail: stopped.reason } }]);
    expect(await revert(await context())).toEqual({ reverted: true });
    expect(await proveGone(await context())).toEqual({ status: 'done' });
  });

  test('that can no longer be held in time is given up at once', async () => {
    const { hosts, clock, context, events } = await aHostRun();
    hosts.isStuck = true;
    await inject(await context());
    clock.set(start + 40);
    const given = await proveLanded(await context());
    expect(given).toEqual({ status: 'stop', reason: expect.stringMatching(/^not proven in time to be held for 20 s/) });
    expect(clock.now()).toBe(start + 40);
    expect(await events()).toMatchObject([{ type: 'fault-not-proven', detail: { detail: given.reason } }]);
  });
});

describe('the proof that the fault is gone', () => {
  test('closes the undo record, only then', async () => {
    const { run, services, clock, context, eventsOf } = await aFaultyRun();
    await inject(await context());
    services.isStuck = true;
    await revert(await context());
    expect(await proveGone(await context())).toEqual({ status: 'continue' });
    expect((await store.undoRecords.get(run.runId))?.status).toBe('reverted');
    services.isStuck = false;
    await revert(await context());
    expect(await proveGone(await context())).toEqual({ status: 'done' });
    expect((await store.undoRecords.get(run.runId))?.status).toBe('done');
    expect((await eventsOf('fault-gone')).map((e) => e.at)).toEqual([clock.now()]);
  });

  test('is not asked for where nobody has reverted: what looks gone may only not have come yet', async () => {
    const { run, services, context } = await aFaultyRun();
    services.isStuck = true;
    await inject(await context());
    expect(services.state('cache')).toMatchObject({ desiredCount: 0, runningCount: 1 });
    expect(await proveGone(await context())).toEqual({ status: 'stop', reason: 'it was not reverted yet' });
    expect((await store.undoRecords.get(run.runId))?.status).toBe('open');
  });

  test('needs all that was changed to be as it was, auto scaling too', async () => {
    const { run, services, context } = await aFaultyRun({ autoScaling: { scheduled: false, in: true, out: false } });
    await inject(await context());
    services.beforeMutation = (call) => {
      if (call.startsWith('cache scaling')) throw new Error('ThrottlingException');
    };
    await expect(revert(await context())).rejects.toThrow('ThrottlingException');
    expect(services.state('cache')).toMatchObject({ desiredCount: 1, runningCount: 1 });
    expect(await proveGone(await context())).toEqual({ status: 'continue' });
    services.beforeMutation = () => {};
    await revert(await context());
    expect(await proveGone(await context())).toEqual({ status: 'done' });
    expect((await store.undoRecords.get(run.runId))?.status).toBe('done');
  });

  test('is given where somebody has deleted the service: there is nothing left to restore', async () => {
    const { services, context, eventsOf } = await aFaultyRun();
    await inject(await context());
    services.delete('cache');
    expect(await revert(await context())).toEqual({ reverted: true });
    expect(await proveGone(await context())).toEqual({ status: 'done' });
    expect((await eventsOf('fault-gone'))[0]!.detail.proof).toMatch('ECS service cache was deleted');
  });

  test('is given up in the end, and the undo record stays', async () => {
    const { run, services, clock, context, eventsOf } = await aFaultyRun();
    await inject(await context());
    services.isStuck = true;
    await revert(await context());
    clock.set(start + waitLimits.proof);
    expect(await proveGone(await context())).toMatchObject({
      status: 'stop',
      reason: expect.stringContaining('still there after 300 s: running tasks 0 of 1'),
    });
    expect(await eventsOf('fault-not-proven')).toHaveLength(1);
    expect((await store.undoRecords.get(run.runId))?.status).toBe('reverted');
  });

  test.each([
    ['nothing was ever injected', async () => {}],
    ['there is only a tombstone', async (runId: string) => void (await store.undoRecords.tombstone(runId, start))],
  ])('is done where %s', async (_what, arrange) => {
    const { run, context, eventsOf } = await aFaultyRun();
    await arrange(run.runId);
    expect(await proveGone(await context())).toEqual({ status: 'done' });
    expect(await eventsOf('fault-gone', 'fault-not-proven')).toEqual([]);
  });
});
