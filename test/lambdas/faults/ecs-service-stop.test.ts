import fc from 'fast-check';
import type { EcsServices } from '../../../lambdas/aws/ecs-services.client.ts';
import { ServiceNotFound } from '../../../lambdas/aws/ecs-services.client.ts';
import { type FaultIo, FaultRefused } from '../../../lambdas/faults/fault.ts';
import { bindFault } from '../../../lambdas/faults/registry.ts';
import type { Target } from '../../../lambdas/target/target.ts';
import { fakeClock } from '../support/clock.ts';
import { FakeServices, noHosts, noSlowQuery, probesOf, type Service } from '../support/dependencies.ts';
import { aRun, start } from '../support/run.ts';
import { aTarget } from '../support/target.ts';

const run = aRun();
const stopCache = bindFault({ id: 'ecs-service-stop', parameters: { service: 'cache' } });

function on(cache: Partial<Service>, target: Target = aTarget()) {
  const services = new FakeServices({ cache, database: {} });
  const io: FaultIo = {
    target,
    clock: fakeClock(start),
    ecs: services as unknown as EcsServices,
    hosts: noHosts,
    slowQuery: noSlowQuery,
    probes: probesOf(services),
  };
  return { services, io };
}

describe('a service is not stopped', () => {
  test.each<[string, Partial<Service>, RegExp]>([
    ['that is stopped already', { desiredCount: 0, runningCount: 0 }, /desired count of 0 already: start it first/],
    ['that is a DAEMON', { schedulingStrategy: 'DAEMON' }, /DAEMON service/],
    ['while a deployment is in progress', { deploymentInProgress: true }, /deployment in progress: wait/],
    ['without the opt-in tag', { optedIn: false }, /has not the tag faultline:opt-in = true/],
    ['that runs less than it should', { desiredCount: 3, runningCount: 2 }, /runs 2 of 3 tasks: it is not healthy/],
  ])('%s', async (_what, state, reason) => {
    const { services, io } = on(state);
    const captured = stopCache.capture(io, run);
    await expect(captured).rejects.toThrow(FaultRefused);
    await expect(captured).rejects.toThrow(reason);
    expect(services.mutations).toEqual([]);
  });

  test('that the target does not have', async () => {
    const { io } = on({}, aTarget({ cache: null }));
    await expect(stopCache.capture(io, run)).rejects.toThrow(
      "target 'shop' has no cache: this scenario does not apply",
    );
    await expect(stopCache.check(io)).rejects.toThrow(FaultRefused);
    await expect(stopCache.touches(io)).rejects.toThrow(FaultRefused);
    expect(stopCache.lacks(io.target)).toBe('no cache');
  });

  test('that ECS does not know', async () => {
    const { io } = on({}, aTarget({ cache: { ...aTarget().cache!, service: 'gone' } }));
    await expect(stopCache.capture(io, run)).rejects.toThrow(ServiceNotFound);
  });
});

test.each([[{ service: 'queue' }], [{}], [{ service: 'cache', force: true }]])(
  'parameters %j are refused',
  (parameters) => {
    expect(() => bindFault({ id: 'ecs-service-stop', parameters: parameters as never })).toThrow();
  },
);

test('an unknown fault is refused with those that there are', () => {
  expect(() => bindFault({ id: 'meteor', parameters: {} })).toThrow("no fault 'meteor'; there are: ecs-service-stop, ");
});

test('what would be touched is told with its name and in words', async () => {
  expect(stopCache.lacks(aTarget())).toBeNull();
  expect(await stopCache.touches(on({}).io)).toEqual([
    {
      kind: 'service',
      id: 'shop/cache',
      change: 'ECS service cache in cluster shop: desired count to 0, then back to what it was',
    },
  ]);
});

test('a service that no waiting would make fit is refused before a run begins, one that may recover is not', async () => {
  for (const state of [{ optedIn: false }, { desiredCount: 0 }, { schedulingStrategy: 'DAEMON' as const }]) {
    await expect(stopCache.check(on(state).io)).rejects.toThrow(FaultRefused);
  }
  await expect(stopCache.check(on({ deploymentInProgress: true }).io)).resolves.toBeUndefined();
});

describe('stopping and starting', () => {
  test('auto scaling is suspended before the service is scaled, and resumed after it is back', async () => {
    const { services, io } = on({
      desiredCount: 2,
      runningCount: 2,
      autoScaling: { scheduled: false, in: true, out: false },
    });
    const original = await stopCache.capture(io, run);
    await stopCache.inject(io, original);
    await stopCache.revert(io, original);
    expect(services.mutations).toEqual([
      'cache scaling true true true',
      'cache to 0',
      'cache to 2',
      'cache scaling false true false',
    ]);
  });

  test('a service without auto scaling gets none', async () => {
    const { services, io } = on({});
    const original = await stopCache.capture(io, run);
    await stopCache.inject(io, original);
    await stopCache.revert(io, original);
    expect(services.mutations).toEqual(['cache to 0', 'cache to 1']);
  });

  test('nothing else is touched', async () => {
    const { services, io } = on({});
    const before = services.state('database');
    const original = await stopCache.capture(io, run);
    await stopCache.inject(io, original);
    expect(services.state('database')).toEqual(before);
  });

  const scaling = fc.option(fc.record({ scheduled: fc.boolean(), in: fc.boolean(), out: fc.boolean() }), { nil: null });

  test('revert after inject is as if nothing had been, for any count and auto scaling, once or more often', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5000 }),
        scaling,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        async (count, autoScaling, injections, reverts) => {
          const { services, io } = on({ desiredCount: count, runningCount: count, autoScaling });
          const before = services.state('cache');
          // As it comes back from the undo record.
          const original = JSON.parse(JSON.stringify(await stopCache.capture(io, run)));
          for (let i = 0; i < injections; i++) await stopCache.inject(io, original);
          expect(services.state('cache').desiredCount).toBe(0);
          for (let i = 0; i < reverts; i++) await stopCache.revert(io, original);
          expect(services.state('cache')).toEqual(before);
        },
      ),
    );
  });

  test.each([[{ desiredCount: 0 }], [{ cluster: 7 }], [{}], [null]])(
    'an undo record that holds %j is not replayed',
    async (damage) => {
      const { services, io } = on({});
      const original =
        damage && Object.keys(damage).length ? { ...(await stopCache.capture(io, run)), ...damage } : damage;
      await expect(stopCache.revert(io, original)).rejects.toThrow();
      expect(services.mutations).toEqual([]);
    },
  );
});

describe('the proof', () => {
  test('that it landed needs both: no running task, and no connection', async () => {
    const { services, io } = on({});
    const original = await stopCache.capture(io, run);
    services.isStuck = true;
    await stopCache.inject(io, original);
    expect(await stopCache.prove(io, original)).toEqual({
      proven: false,
      detail: 'running tasks 1 of 1; connecting: served in 1 ms',
    });
    services.isStuck = false;
    await stopCache.inject(io, original);
    expect(await stopCache.prove(io, original)).toEqual({
      proven: true,
      detail: 'running tasks 0 of 1; connecting: ECONNREFUSED',
    });
  });

  test('does not trust ECS alone: a service that still answers is not stopped', async () => {
    const { io } = on({});
    const original = await stopCache.capture(io, run);
    await stopCache.inject(io, original);
    const probes = {
      dependency: async () => ({ served: true, detail: 'served in 2 ms' }),
    } as unknown as FaultIo['probes'];
    expect((await stopCache.prove({ ...io, probes }, original)).proven).toBe(false);
  });

  test('that it is gone needs every task back, and a connection that is served', async () => {
    const { services, io } = on({ desiredCount: 3, runningCount: 3 });
    const original = await stopCache.capture(io, run);
    await stopCache.inject(io, original);
    expect((await stopCache.proveGone(io, original)).proven).toBe(false);
    await services.setDesiredCount('shop', 'cache', 2);
    expect((await stopCache.proveGone(io, original)).proven).toBe(false);
    await stopCache.revert(io, original);
    expect((await stopCache.proveGone(io, original)).proven).toBe(true);
    const probes = { dependency: async () => ({ served: false, detail: 'no' }) } as unknown as FaultIo['probes'];
    expect((await stopCache.proveGone({ ...io, probes }, original)).proven).toBe(false);
  });
});
