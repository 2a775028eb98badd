import type { Clock } from '../../../lambdas/aws/clock.ts';
import type { EcsServices } from '../../../lambdas/aws/ecs-services.client.ts';
import type { FaultIo } from '../../../lambdas/faults/fault.ts';
import { bindFault } from '../../../lambdas/faults/registry.ts';
import type { Hosts } from '../../../lambdas/hosts/hosts.client.ts';
import type { Probes } from '../../../lambdas/observer/probes.ts';
import type { Run } from '../../../lambdas/runs/run.ts';
import type { RunContext, Services } from '../../../lambdas/runs/run-context.ts';
import type { AlarmsClient } from '../../../lambdas/safety/alarms.client.ts';
import { scenarioById } from '../../../lambdas/scenarios/registry.ts';
import type { Target } from '../../../lambdas/target/target.ts';
import { FakeServices, noHosts, noSlowQuery, probesOf } from './dependencies.ts';
import type { Store } from './store.ts';
import { aTarget } from './target.ts';

const noAlarms = { alarming: async () => [] } as unknown as AlarmsClient;

export interface ContextOptions {
  clock: Clock;
  services?: FakeServices;
  probes?: Probes;
  target?: Target;
  alarms?: AlarmsClient;
  hosts?: Hosts;
}

export function servicesOn(store: Store, { clock, target = aTarget(), alarms = noAlarms }: ContextOptions): Services {
  const { runs, undoRecords, lever, gameDays, evidence } = store;
  const leases = store.leases(clock);
  return { clock, runs, leases, undoRecords, lever, alarms, gameDays, evidence, target: async () => target };
}

/** What a fault reaches a target by: services in memory, and no hosts unless some are given. */
export const ioOn = (
  services: FakeServices,
  { clock, target = aTarget(), hosts = noHosts, probes = probesOf(services) }: ContextOptions,
): FaultIo => ({ target, clock, ecs: services as unknown as EcsServices, hosts, slowQuery: noSlowQuery, probes });

/** What a step of this run works with: the real store, time and services as given. Reads the run anew, as a Lambda does. */
export async function contextOf(store: Store, { runId }: Run, options: ContextOptions): Promise<RunContext> {
  const { services = new FakeServices({ database: {}, cache: {} }), target = aTarget() } = options;
  const run = await store.runs.get(runId);
  const scenario = scenarioById(run.scenario);
  return {
    ...servicesOn(store, options),
    run,
    scenario,
    fault: scenario.fault && bindFault(scenario.fault),
    io: ioOn(services, { ...options, target }),
  };
}
