import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AddressPool } from '../address-pool.ts';
import type { LogStream } from '../ecs/container-logs.ts';
import type { SandboxConfig } from '../sandbox/protocol.ts';
import type { HostChannel, HostCommandResult } from './host-channel.ts';
import { type CompleteHostSpec, type HostSpec, hostSpecSchema } from './host-spec.ts';
import type { HostView } from './host-view.ts';
import { ManagedHost } from './managed-host.ts';
import { Processors } from './processors.ts';

export interface HostsDeps {
  config: SandboxConfig;
  addresses: AddressPool;
  openLog: (group: string, stream: string) => Promise<LogStream>;
  /** Epoch milliseconds. */
  now: () => number;
}

/** The managed hosts of the run. One that has ended stays known, offline, until its instance is started again. */
export class Hosts {
  private readonly deps: HostsDeps;
  private readonly hosts = new Map<string, ManagedHost>();
  private readonly starting = new Set<CompleteHostSpec>();
  private readonly processors = new Processors();
  private count = 0;

  constructor(deps: HostsDeps) {
    this.deps = deps;
  }

  channels(): HostChannel[] {
    return [...this.hosts.values()];
  }

  views(): HostView[] {
    return [...this.hosts.values()].map((host) => host.view());
  }

  /** Addresses of the hosts of this name that answer. */
  addressesOf(name: string): string[] {
    return [...this.hosts.values()].filter((host) => host.name === name && host.online()).map((host) => host.address);
  }

  /** @throws where the guest cannot be had or does not boot, and for an instance or a name that is running already */
  async start(wanted: HostSpec): Promise<HostView> {
    const spec = hostSpecSchema.parse(wanted);
    if (this.deps.config.guestStage === null) throw new Error('no managed host can be had here');
    const isSame = (other: { instanceId: string; name: string }) =>
      other.instanceId === spec.instanceId || other.name === spec.name;
    if ([...this.starting].some(isSame) || this.channels().some((host) => isSame(host) && host.online())) {
      throw new Error(`${spec.instanceId} is running, or another host with the name ${spec.name}`);
    }
    this.starting.add(spec);
    try {
      // One that has only lost its agent would have the same files.
      await this.stop(spec.instanceId);
      const host = await this.boot(spec, this.deps.config.guestStage);
      this.hosts.set(spec.instanceId, host);
      return host.view();
    } finally {
      this.starting.delete(spec);
    }
  }

  private async boot(spec: CompleteHostSpec, stage: string): Promise<ManagedHost> {
    const { config, addresses, openLog, now } = this.deps;
    const { logGroup } = spec.program;
    const log = logGroup === undefined ? undefined : await openLog(logGroup, `${spec.name}/${spec.instanceId}`);
    const address = addresses.take(spec.address);
    const processor = this.processors.take();
    const over = () => {
      addresses.release(address);
      this.processors.release(processor);
      void log?.close();
    };
    this.count++;
    try {
      const host = await ManagedHost.start(spec, {
        stage,
        repository: config.repository,
        node: config.node,
        folder: join(config.stateDir, 'hosts', spec.name),
        address,
        processor,
        networkNamespace: `host${this.count}`,
        platform: platformOf(readFileSync('/etc/os-release', 'utf8')),
        now,
        onLine: (line) => log?.write(line),
      });
      void host.ended.then(over);
      return host;
    } catch (error) {
      over();
      throw error;
    }
  }

  /** Runs a script on a host, as its agent does for the fault plane. @throws NotDelivered, or for a host unknown */
  async run(instanceId: string, script: string): Promise<HostCommandResult> {
    const host = this.hosts.get(instanceId);
    if (host === undefined) throw new Error(`there is no managed host ${instanceId}`);
    const environment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };
    const command = await host.start({ id: randomUUID(), script, environment, workingDirectory: '/root' });
    return command.done;
  }

  /** Ends a host at once, as a power cut does. */
  async stop(instanceId: string): Promise<void> {
    await this.hosts.get(instanceId)?.stop();
  }

  async close(): Promise<void> {
    await Promise.all([...this.hosts.values()].map((host) => host.stop()));
  }
}

/** The guest has the machine's own system. */
function platformOf(osRelease: string): HostChannel['platform'] {
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(osRelease)?.[1] ?? '';
  return { name: field('NAME'), version: field('VERSION_ID') };
}
