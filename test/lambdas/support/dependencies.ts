import type { ServiceState, SuspendedScaling } from '../../../lambdas/aws/ecs-services.client.ts';
import { type EcsServices, ServiceNotFound } from '../../../lambdas/aws/ecs-services.client.ts';
import type { Hosts } from '../../../lambdas/hosts/hosts.client.ts';
import type { Answer, Probes } from '../../../lambdas/observer/probes.ts';
import type { SlowQueryIo } from '../../../lambdas/slow-query/slow-query-io.ts';

export interface Service extends ServiceState {
  autoScaling: SuspendedScaling | null;
}

export const healthyService: Service = {
  optedIn: true,
  desiredCount: 1,
  runningCount: 1,
  schedulingStrategy: 'REPLICA',
  deploymentInProgress: false,
  autoScaling: null,
};

/**
 * Services in memory, behind our own interface to them: a new desired count is at once the running one, unless the
 * service `isStuck`.
 */
export class FakeServices implements Pick<EcsServices, keyof EcsServices> {
  readonly mutations: string[] = [];
  isStuck = false;
  /** Called before each mutation; it may throw, as ECS does. */
  beforeMutation: (call: string) => void | Promise<void> = () => {};
  private readonly services: Map<string, Service>;
  private readonly cluster: string;

  constructor(services: Record<string, Partial<Service>>, cluster = 'shop') {
    this.cluster = cluster;
    this.services = new Map(Object.entries(services).map(([name, s]) => [name, { ...healthyService, ...s }]));
  }

  /** What a service is now. */
  state(name: string): Service {
    return structuredClone(this.find(this.cluster, name));
  }

  delete(name: string): void {
    this.services.delete(name);
  }

  async describe(cluster: string, service: string): Promise<ServiceState> {
    const { autoScaling: _, ...state } = this.find(cluster, service);
    return { ...state };
  }

  async setDesiredCount(cluster: string, service: string, desiredCount: number): Promise<void> {
    await this.mutate(`${service} to ${desiredCount}`);
    const found = this.find(cluster, service);
    found.desiredCount = desiredCount;
    if (!this.isStuck) found.runningCount = desiredCount;
  }

  async autoScaling(cluster: string, service: string): Promise<SuspendedScaling | null> {
    return structuredClone(this.find(cluster, service).autoScaling);
  }

  async setAutoScalingSuspended(cluster: string, service: string, suspended: SuspendedScaling): Promise<void> {
    await this.mutate(`${service} scaling ${Object.values(suspended).join(' ')}`);
    this.find(cluster, service).autoScaling = { ...suspended };
  }

  private async mutate(call: string): Promise<void> {
    await this.beforeMutation(call);
    this.mutations.push(call);
  }

  private find(cluster: string, service: string): Service {
    const found = this.services.get(service);
    if (cluster !== this.cluster || !found) throw new ServiceNotFound(cluster, service, 'MISSING');
    return found;
  }
}

/** An account without a managed host. */
export const noHosts = { find: async () => [] } as unknown as Hosts;

/** Nothing that could block a database. */
export const noSlowQuery = {} as SlowQueryIo;

/** Probes that find a dependency served exactly while its service runs. */
export function probesOf(services: FakeServices): Probes {
  return {
    async dependency(which: 'database' | 'cache'): Promise<Answer> {
      const { runningCount } = services.state(which);
      return runningCount > 0 ? { served: true, detail: 'served in 1 ms' } : { served: false, detail: 'ECONNREFUSED' };
    },
  } as unknown as Probes;
}
