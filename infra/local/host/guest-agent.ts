import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import type { HostCommand, HostCommandResult, RunningHostCommand } from './host-channel.ts';

/** A sign of life comes once a second; without one for this long the agent counts as lost. */
const lostAfterMs = 10_000;
const startedWithinMs = 15_000;
const clockTrials = 5;
/** How coarse this clock is. */
const clockStepMs = 1;

export class NotDelivered extends Error {
  constructor(id: string, reason: string) {
    super(`the command ${id} was not delivered: ${reason}`);
    this.name = 'NotDelivered';
  }
}

interface Pending {
  started: PromiseWithResolvers<void>;
  done: PromiseWithResolvers<HostCommandResult>;
}

/**
 * The machine's end of the agent's line: see guest/agent.py for what the two say. The line is a serial one, what a
 * command needs is in a folder that the guest can read and its output in one that the guest can write: none of that
 * depends on the host's network.
 */
export class GuestAgent {
  private readonly line: Duplex;
  private readonly orders: string;
  private readonly results: string;
  private readonly now: () => number;
  private readonly pending = new Map<string, Pending>();
  private readonly times = new Map<string, (guestTime: number) => void>();
  private readonly hello = Promise.withResolvers<void>();
  private heardAt = 0;
  private over = false;

  /** @param folders what the guest has as /orders and as /share @param now epoch milliseconds */
  constructor(line: Duplex, folders: { orders: string; share: string }, now: () => number) {
    this.line = line;
    this.orders = join(folders.orders, 'commands');
    this.results = join(folders.share, 'commands');
    this.now = now;
    for (const folder of [this.orders, this.results]) mkdirSync(folder, { recursive: true });
    // A line that breaks is a guest that has ended, which its process tells.
    line.on('error', () => {});
    createInterface({ input: line }).on('line', (text) => this.heard(text));
  }

  /** Resolves when the agent has said its first word. */
  get ready(): Promise<void> {
    return this.hello.promise;
  }

  get online(): boolean {
    return !this.over && this.now() - this.heardAt < lostAfterMs;
  }

  get lastPing(): number {
    return this.heardAt;
  }

  /** @throws NotDelivered */
  async start({ id, script, environment, workingDirectory }: HostCommand): Promise<RunningHostCommand> {
    if (!this.online) throw new NotDelivered(id, 'the host does not answer');
    if (this.pending.has(id)) throw new NotDelivered(id, 'there is one of this id already');
    const folder = join(this.orders, id);
    mkdirSync(folder);
    writeFileSync(join(folder, 'environment'), nulSeparated(environment));
    writeFileSync(join(folder, 'directory'), workingDirectory);
    writeFileSync(join(folder, 'script'), script);
    const pending: Pending = { started: Promise.withResolvers(), done: Promise.withResolvers() };
    this.pending.set(id, pending);
    const limit = setTimeout(() => this.withdraw(id), startedWithinMs);
    this.say(`run ${id}`);
    try {
      await pending.started.promise;
    } finally {
      clearTimeout(limit);
    }
    return {
      done: pending.done.promise,
      kill: async () => this.say(`kill ${id}`),
    };
  }

  /**
   * Sets the guest's clock by this one: what the guest took for the time when it booted is off by as long as its kernel
   * had to wait for a processor then. Returns what is left.
   */
  async setClock(): Promise<{ offsetMs: number; uncertaintyMs: number }> {
    const { offsetMs } = await this.clockOffset();
    this.say(`adjust ${(-offsetMs / 1000).toFixed(6)}`);
    return this.clockOffset();
  }

  /** The guest's clock minus this one, in milliseconds, and how far that may be wrong. */
  private async clockOffset(): Promise<{ offsetMs: number; uncertaintyMs: number }> {
    const trials: { offsetMs: number; uncertaintyMs: number }[] = [];
    for (let trial = 0; trial < clockTrials; trial++) {
      const sent = this.now();
      const guestTime = await new Promise<number>((resolve) => {
        this.times.set(String(trial), resolve);
        this.say(`time ${trial}`);
      });
      const answered = this.now();
      trials.push({ offsetMs: guestTime - (sent + answered) / 2, uncertaintyMs: (answered - sent) / 2 + clockStepMs });
    }
    return trials.reduce((best, trial) => (trial.uncertaintyMs < best.uncertaintyMs ? trial : best));
  }

  /** To be called when the guest has ended: nothing that runs there will ever answer. */
  gone(): void {
    this.over = true;
    for (const id of this.pending.keys()) this.lost(id, 'its host has ended');
  }

  private say(text: string): void {
    this.line.write(`${text}\n`);
  }

  private heard(text: string): void {
    this.heardAt = this.now();
    const [word, argument = '', value = ''] = text.split(' ');
    if (word === 'hello') {
      // A second one is a new agent's, which knows nothing of what an earlier one ran.
      for (const id of this.pending.keys()) this.lost(id, 'its agent has ended');
      this.hello.resolve();
    } else if (word === 'started') this.pending.get(argument)?.started.resolve();
    else if (word === 'refused') this.lost(argument, text.slice(`refused ${argument} `.length));
    else if (word === 'ended') this.ended(argument, Number(value));
    else if (word === 'time') this.times.get(argument)?.(Number(value) * 1000);
  }

  private ended(id: string, code: number | null): void {
    const folder = join(this.results, id);
    this.pending.get(id)?.done.resolve({
      code,
      stdout: outputIn(folder, 'stdout'),
      stderr: outputIn(folder, 'stderr'),
      endedAt: this.now(),
    });
    this.pending.delete(id);
  }

  private lost(id: string, reason: string): void {
    this.pending.get(id)?.started.reject(new NotDelivered(id, reason));
    this.ended(id, null);
  }

  /** What is taken back never runs later: the agent and this one make the same folder, and only one of them can. */
  private withdraw(id: string): void {
    try {
      mkdirSync(join(this.results, id));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return; // It has begun; its word is on its way.
      throw error;
    }
    this.lost(id, `the agent did not take it within ${startedWithinMs / 1000} s`);
  }
}

/** The guest's root may have put anything there: a link to a file of the machine, a pipe in which nothing ever comes. */
function outputIn(folder: string, name: string): string {
  let file: number;
  try {
    file = openSync(join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    // A command that was never begun has none.
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
  try {
    return fstatSync(file).isFile() ? readFileSync(file, 'utf8') : '';
  } finally {
    closeSync(file);
  }
}

/** An environment as /proc/<pid>/environ has it: the one form in which any value can be written. */
export function nulSeparated(environment: Record<string, string>): string {
  return Object.entries(environment)
    .map(([name, value]) => `${name}=${value}\0`)
    .join('');
}
