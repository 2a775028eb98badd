import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostChannel, HostCommand, RunningHostCommand } from '../../../../infra/local/host/host-channel.ts';
import { type Clock, systemClock } from '../../../../lambdas/aws/clock.ts';

/** A managed host that is a folder of this machine: real processes, without rights. */
export class LocalHost implements HostChannel {
  readonly instanceId: string;
  readonly name = 'app';
  readonly address = '198.18.1.9';
  readonly tags: Record<string, string>;
  readonly platform = { name: 'Debian GNU/Linux', version: '12' };
  readonly folder = mkdtempSync(join(tmpdir(), 'faultline-host-'));
  readonly started: HostCommand[] = [];
  isOnline = true;
  /** Set, a command is taken only when it is resolved: a host that has just become unreachable. */
  delivery: Promise<void> = Promise.resolve();
  private readonly groups = new Set<number>();
  private readonly gone = Promise.withResolvers<void>();

  constructor(instanceId: string, tags: Record<string, string> = {}) {
    this.instanceId = instanceId;
    this.tags = tags;
  }

  online(): boolean {
    return this.isOnline;
  }

  lastPing(): number {
    return Date.UTC(2026, 0, 1);
  }

  async start(command: HostCommand): Promise<RunningHostCommand> {
    await this.delivery;
    if (!this.isOnline) throw new Error('the host does not answer');
    this.started.push(command);
    const child = spawn('bash', ['-c', command.script], {
      cwd: this.folder,
      env: command.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.groups.add(child.pid!);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data) => (stdout += data));
    child.stderr.on('data', (data) => (stderr += data));
    const ended = new Promise<number>((resolve) =>
      child.on('close', (code, signal) => resolve(code ?? codeOf(signal))),
    );
    const lost = this.gone.promise.then(() => null);
    return {
      done: Promise.race([ended, lost]).then((code) => ({ code, stdout, stderr, endedAt: Date.now() })),
      kill: async () => void killGroup(child.pid!),
    };
  }

  /** The host is gone, and what ran on it with it. */
  disappear(): void {
    this.isOnline = false;
    this.gone.resolve();
    for (const pid of this.groups) killGroup(pid);
  }

  remove(): void {
    this.disappear();
    rmSync(this.folder, { recursive: true });
  }
}

function codeOf(signal: NodeJS.Signals | null): number {
  return signal === 'SIGKILL' ? 137 : 255;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** So many seconds go by in one. */
export function fastClock(factor: number): Clock {
  const start = Date.now() / 1000;
  return {
    now: () => start + (Date.now() / 1000 - start) * factor,
    // A timer can be a millisecond early, which is as many as `factor` here.
    sleep: (seconds, signal) => systemClock.sleep(seconds / factor + 0.001, signal),
  };
}
