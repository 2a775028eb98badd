import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolverAddress, routerAddress } from '../addresses.ts';
import { GuestAgent, nulSeparated } from './guest-agent.ts';
import { type GuestProcess, startGuest } from './guest-process.ts';
import type { HostChannel, HostCommand, RunningHostCommand } from './host-channel.ts';
import { layCable, removeCable } from './host-network.ts';
import type { CompleteHostSpec } from './host-spec.ts';
import type { HostView } from './host-view.ts';
import { bundleProgram } from './program.ts';
import { keepOutput } from './program-output.ts';

export interface HostPlace {
  /** Unpacked packages. */
  stage: string;
  repository: string;
  node: string;
  /** The host's own folder: its logs, its swap and what it shares with the machine. */
  folder: string;
  address: string;
  /** The number of the machine's processor that it has. */
  processor: number;
  /** At most 15 characters, unique in the sandbox. */
  networkNamespace: string;
  platform: HostChannel['platform'];
  /** Epoch milliseconds. */
  now: () => number;
  /** Each line that the application prints. */
  onLine: (line: string) => void;
}

const bootedWithinMs = 60_000;
const constants = { NODE_ENV: 'production', HOST: '0.0.0.0', PORT: '8000', LANG: 'C.UTF-8', PATH: '/usr/bin:/bin' };

/** A guest with its address, its agent and its application. */
export class ManagedHost implements HostChannel {
  readonly spec: CompleteHostSpec;
  readonly address: string;
  readonly platform: HostChannel['platform'];
  /** Resolves when the guest has ended and its address is nobody's. */
  readonly ended: Promise<void>;
  private readonly guest: GuestProcess;
  private readonly agent: GuestAgent;
  private clock = { offsetMs: 0, uncertaintyMs: Number.POSITIVE_INFINITY };
  private bootSeconds = 0;

  private constructor(spec: CompleteHostSpec, place: HostPlace, guest: GuestProcess, agent: GuestAgent) {
    this.spec = spec;
    this.address = place.address;
    this.platform = place.platform;
    this.guest = guest;
    this.agent = agent;
    this.ended = guest.ended.then(async () => {
      agent.gone();
      await removeCable(place.networkNamespace);
    });
  }

  /**
   * Boots it; its application is starting when this resolves.
   * @throws with the end of its console when it ended or did not answer in time
   */
  static async start(spec: CompleteHostSpec, place: HostPlace): Promise<ManagedHost> {
    const { folder, address, processor, networkNamespace, now } = place;
    const orders = join(folder, 'orders');
    const share = join(folder, 'share');
    const program = join(folder, 'program');
    for (const path of [orders, share, program]) mkdirSync(path, { recursive: true });
    writeFileSync(join(orders, 'host.conf'), configuration(spec, address));
    writeFileSync(join(orders, 'program.env'), nulSeparated({ ...constants, ...spec.program.environment }), {
      mode: 0o600,
    });
    const began = now();
    await Promise.all([bundleProgram(place.repository, program), layCable(networkNamespace, address)]);
    const guest = startGuest({
      networkNamespace,
      processor,
      stage: place.stage,
      node: place.node,
      program,
      orders,
      share,
      swapFile: join(folder, 'swap'),
      consoleLog: join(folder, 'console.log'),
      memoryMb: spec.memoryMb,
      swapMb: spec.swapMb,
    });
    const agent = new GuestAgent(guest.line, { orders, share }, now);
    keepOutput(guest.output, join(folder, 'app.log'), place.onLine);
    const host = new ManagedHost(spec, place, guest, agent);
    await host.booted();
    host.bootSeconds = (now() - began) / 1000;
    return host;
  }

  get instanceId(): string {
    return this.spec.instanceId;
  }

  get name(): string {
    return this.spec.name;
  }

  get tags(): Record<string, string> {
    return this.spec.tags;
  }

  online(): boolean {
    return this.agent.online;
  }

  lastPing(): number {
    return this.agent.lastPing;
  }

  start(command: HostCommand): Promise<RunningHostCommand> {
    return this.agent.start(command);
  }

  view(): HostView {
    const { instanceId, name, address, tags, platform, bootSeconds, clock } = this;
    return { instanceId, name, address, tags, platform, bootSeconds, clock, online: this.online() };
  }

  /** As pulling the plug: it is disposable. */
  async stop(): Promise<void> {
    this.guest.kill();
    await this.ended;
  }

  private async booted(): Promise<void> {
    const limit = new AbortController();
    const failure = await Promise.race([
      this.agent.ready.then(() => this.setClock()),
      this.guest.ended.then((console) => `ended while it booted:\n${console}`),
      sleep(bootedWithinMs, `did not answer within ${bootedWithinMs / 1000} s`, { signal: limit.signal }),
    ]);
    limit.abort();
    if (failure === null) return;
    this.guest.kill();
    const console = await this.guest.ended;
    await this.ended;
    throw new Error(`the managed host ${failure.includes('\n') ? failure : `${failure}:\n${console}`}`);
  }

  private async setClock(): Promise<null> {
    this.clock = await this.agent.setClock();
    return null;
  }
}

/** Sourced by a shell; none of these values has a character that means something to it. */
function configuration(spec: CompleteHostSpec, address: string): string {
  return `address=${address}\nrouter=${routerAddress}\nresolver=${resolverAddress}\nhost_name=${spec.name}\n`;
}
