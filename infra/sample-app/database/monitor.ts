import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { TimeoutStrategy, timeout } from 'cockatiel';
import pg from 'pg';
import type { SocketFactory } from './connection.ts';

export interface MonitorOptions {
  client: pg.ClientConfig;
  /** Opens the monitor's own socket; `client.stream` is ignored. */
  sockets: SocketFactory;
  intervalMs: number;
  pingLimitMs: number;
  /** Runs on each new connection before the database counts as up. */
  prepare(client: pg.Client): Promise<void>;
  /** The address that answered before does not any more. */
  onVanished(address: string): void;
  onChange(up: boolean, reason: string): void;
}

/**
 * Knows whether the database answers, from pings on a connection of its own: neither a full pool nor an open circuit
 * changes what it says, and whoever asks never waits. It also finds the connections that a vanished host leaves
 * behind; no packet ever tells about those.
 */
export class DatabaseMonitor {
  private readonly options: MonitorOptions;
  private readonly stopped = new AbortController();
  private running: Promise<void> | null = null;
  private up = false;
  private lastAddress: string | null = null;

  constructor(options: MonitorOptions) {
    this.options = options;
  }

  get isUp(): boolean {
    return this.up;
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const reason = await this.watchOneConnection();
      if (this.stopped.signal.aborted) return;
      const wasUp = this.up;
      this.change(false, reason);
      // After a loss the first new attempt follows at once: it tells a broken connection from a vanished host.
      if (!wasUp) await this.pause();
    }
  }

  /** Connects, pings until that fails, and says why it ended. */
  private async watchOneConnection(): Promise<string> {
    const socket = this.options.sockets.open();
    const destroy = () => socket.destroy();
    this.stopped.signal.addEventListener('abort', destroy);
    const client = new pg.Client({ ...this.options.client, stream: () => socket });
    const lost = new Promise<Error>((resolve) => client.on('error', resolve));
    try {
      await this.connect(client, socket);
      await this.options.prepare(client);
      this.change(true, 'it answers');
      return await this.pingUntilLost(client, lost);
    } catch (error) {
      return (error as Error).message;
    } finally {
      this.stopped.signal.removeEventListener('abort', destroy);
      socket.destroy();
    }
  }

  private async connect(client: pg.Client, socket: Socket): Promise<void> {
    try {
      await client.connect();
    } catch (error) {
      this.settleAddress(null);
      throw error;
    }
    this.settleAddress(socket.remoteAddress ?? null);
  }

  private async pingUntilLost(client: pg.Client, lost: Promise<Error>): Promise<string> {
    const limit = timeout(this.options.pingLimitMs, TimeoutStrategy.Aggressive);
    for (;;) {
      const ended = await Promise.race([lost, this.pause()]);
      if (ended || this.stopped.signal.aborted) return ended?.message ?? 'stopped';
      try {
        await limit.execute(() => client.query('SELECT 1'));
      } catch (error) {
        return (error as Error).message;
      }
    }
  }

  /** Called with the result of each attempt to connect: the address now in use, or null when there is none. */
  private settleAddress(address: string | null): void {
    const previous = this.lastAddress;
    this.lastAddress = address;
    if (previous !== null && previous !== address) this.options.onVanished(previous);
  }

  private change(up: boolean, reason: string): void {
    if (this.up === up) return;
    this.up = up;
    this.options.onChange(up, reason);
  }

  private async pause(): Promise<void> {
    await sleep(this.options.intervalMs, undefined, { signal: this.stopped.signal }).catch(() => {});
  }
}
