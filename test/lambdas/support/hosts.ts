import type { EcsServices } from '../../../lambdas/aws/ecs-services.client.ts';
import type { FaultIo } from '../../../lambdas/faults/fault.ts';
import type { CommandOutput, DocumentParameters, Hosts, ManagedHost } from '../../../lambdas/hosts/hosts.client.ts';
import type { Probes } from '../../../lambdas/observer/probes.ts';
import type { RunHost } from '../../../lambdas/runs/run.ts';
import type { SlowQueryIo } from '../../../lambdas/slow-query/slow-query-io.ts';
import type { Target } from '../../../lambdas/target/target.ts';
import type { FakeClock } from './clock.ts';
import { aTarget } from './target.ts';

/** What the kernel of a host in memory says. */
export interface HostState {
  managed: ManagedHost;
  clockOffset: number;
  availableKb: number;
  /** Share of the CPU, 0..1. */
  idle: number;
  roundTripMs: number;
  process: { pid: number; startedAt: number; residentKb: number } | null;
  faults: { runId: string; fault: string; state: 'active' | 'reverted' }[];
}

export const hostTarget: Target = aTarget({
  hosts: { tag: { key: 'app', value: 'shop' }, process: { name: 'shop-app' } },
});

export const aHost = (n: number, changes: Partial<ManagedHost> = {}): ManagedHost => ({
  instanceId: `i-0000000000000000${n}`,
  name: `app-${n}`,
  address: `198.18.1.${n}`,
  online: true,
  optedIn: true,
  agentVersion: '3.3.3050.0',
  platform: 'Linux',
  ...changes,
});

/** Hosts in memory, behind our own interface to them: a document has its effect at once, unless the hosts are `stuck`. */
export class FakeHosts {
  readonly sent: { document: string; instanceId: string; parameters: DocumentParameters }[] = [];
  /** Every document succeeds, and does nothing. */
  isStuck = false;
  /** Called before each document; it may throw, as a host does. */
  beforeRun: (document: string, instanceId: string) => void = () => {};
  readonly states: Map<string, HostState>;
  private readonly clock: FakeClock;

  constructor(clock: FakeClock, hosts: ManagedHost[] = [aHost(1)]) {
    this.clock = clock;
    this.states = new Map(
      hosts.map((managed) => [
        managed.instanceId,
        {
          managed,
          clockOffset: 0,
          availableKb: 400_000,
          idle: 0.8,
          roundTripMs: 1,
          process: { pid: 300, startedAt: 1_799_990_000, residentKb: 90_000 },
          faults: [],
        },
      ]),
    );
  }

  get all(): HostState[] {
    return [...this.states.values()];
  }

  get one(): HostState {
    return this.all[0]!;
  }

  get refs(): RunHost[] {
    return this.all.map(({ managed: { instanceId, name, address } }) => ({ instanceId, name, address }));
  }

  /** Documents that change something. */
  get changes(): string[] {
    return this.sent.map(({ document }) => document).filter((document) => document !== 'Faultline-Status');
  }

  async find(): Promise<ManagedHost[]> {
    return this.all.map(({ managed }) => managed);
  }

  async isKnown(instanceId: string): Promise<boolean> {
    return this.states.has(instanceId);
  }

  async run(document: string, instanceId: string, parameters: DocumentParameters): Promise<CommandOutput> {
    this.sent.push({ document, instanceId, parameters });
    this.beforeRun(document, instanceId);
    const state = this.states.get(instanceId)!;
    const stdout = document === 'Faultline-Status' ? JSON.stringify(this.status(state, parameters)) : '';
    if (stdout === '' && !this.isStuck) this.effect(document, state, parameters);
    return { stdout, stderr: '', exitCode: 0 };
  }

  private status(
    { clockOffset, availableKb, idle, process, faults }: HostState,
    { IdleMs, Tools }: DocumentParameters,
  ) {
    return {
      at: this.clock.now() + clockOffset,
      bootId: 'boot-1',
      device: 'eth0',
      qdisc: 'qdisc noqueue 0: root refcnt 2',
      memory: { totalKb: 800_000, availableKb, swapTotalKb: 500_000, swapFreeKb: 500_000 },
      cpu: { cores: 1, idleShare: IdleMs === '0' ? null : idle },
      tools: Tools === 'yes' ? { tc: 'tc utility, iproute2-6.1.0', 'stress-ng': null } : {},
      process,
      faults,
    };
  }

  private effect(document: string, state: HostState, p: DocumentParameters): void {
    const begin = (fault: string) => state.faults.push({ runId: p.RunId!, fault, state: 'active' });
    if (document === 'Faultline-NetworkLatency') {
      begin('network-latency');
      state.roundTripMs += Number(p.DelayMs);
    } else if (document === 'Faultline-MemoryPressure') {
      begin('memory-pressure');
      state.availableKb *= 1 - Number(p.Percent) / 100;
    } else if (document === 'Faultline-CpuSaturation') {
      begin('cpu-saturation');
      state.idle = 0.05;
    } else if (document === 'Faultline-ProcessKill') {
      state.process = null;
    } else if (document === 'Faultline-Revert') {
      for (const fault of state.faults) fault.state = 'reverted';
      Object.assign(state, { availableKb: 400_000, idle: 0.8, roundTripMs: 1 });
    }
  }

  /** What a fault works with on these hosts. */
  io(target = hostTarget): FaultIo {
    const probes: Pick<Probes, 'roundTrip'> = {
      roundTrip: async (address) => {
        const state = this.all.find(({ managed }) => managed.address === address);
        return state ? { ms: state.roundTripMs } : { error: 'no answer' };
      },
    };
    return {
      target,
      clock: this.clock,
      ecs: {} as EcsServices,
      slowQuery: {} as SlowQueryIo,
      hosts: this as unknown as Hosts,
      probes: probes as Probes,
    };
  }
}
