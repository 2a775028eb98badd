import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Footprint } from './e2e-footprint.ts';
import { descendants, processInfo } from './e2e-processes.ts';

const repository = resolve(__dirname, '..', '..');
const stateRoot = join(repository, '.faultline', 'run');

/** `npm start -- <arguments>` as a terminal has it: a process group of its own, reports, home and temporary files in a folder. */
export class CliRun {
  readonly footprint: Footprint;
  /** Reports. */
  readonly out: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'e2e-'));
  private readonly temporary = mkdtempSync(join(this.folder, 'tmp-'));
  private readonly home = mkdtempSync(join(this.folder, 'home-'));
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;
  private state: string | undefined;
  private text = '';

  /** @param env more of its environment */
  constructor(args: string[], port: number, env: NodeJS.ProcessEnv = {}) {
    this.out = join(this.folder, 'out');
    const argv = ['bin/bootstrap.mjs', 'bin/faultline.ts', 'start', ...args, '--out', this.out];
    this.child = spawn(process.execPath, argv, {
      cwd: repository,
      env: { ...process.env, FAULTLINE_PORT: String(port), TMPDIR: this.temporary, HOME: this.home, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.text += text;
    });
    this.closed = once(this.child, 'close');
    this.footprint = new Footprint(this.child.pid!, port);
  }

  /** What it has told so far. */
  get stderr(): string {
    return this.text;
  }

  /** Waits for a line. @throws when it ends before, or does not come in time */
  async until(line: RegExp, seconds: number): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!line.test(this.text)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) throw new Error(`it ended:\n${this.text}`);
      if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${line}\n${this.text}`);
      await sleep(50);
    }
    this.state ??= this.stateFolder();
  }

  /** Ctrl-C: the signal goes to the terminal's whole process group. */
  interrupt(): void {
    process.kill(-this.child.pid!, 'SIGINT');
  }

  /** Kills the process of `bin/faultline.ts`, which has no chance to clean up. */
  kill(): void {
    process.kill(this.cliPid(), 'SIGKILL');
  }

  /** Waits until it has ended. @returns its exit status, and the seconds since `ended` was called */
  async ended(seconds: number): Promise<{ code: number | null; seconds: number }> {
    const began = Date.now();
    const late = sleep(seconds * 1000, 'late' as const, { ref: false });
    if ((await Promise.race([this.closed, late])) === 'late')
      throw new Error(`it had not ended after ${seconds} s:\n${this.text}`);
    this.footprint.end();
    return { code: this.child.exitCode, seconds: (Date.now() - began) / 1000 };
  }

  /** Everything of it that still exists. Its state folder counts only if `exceptState` is not set. */
  left({ exceptState = false } = {}): string[] {
    const files = [this.temporary, this.home].flatMap((folder) =>
      readdirSync(folder).map((name) => join(folder, name)),
    );
    const state = this.state ? [this.state] : [];
    const found = [...this.footprint.left(state), ...files.map((file) => `file ${file}`)];
    return exceptState ? found.filter((line) => !state.some((folder) => line.startsWith(`folder ${folder}`))) : found;
  }

  get stateFolderExists(): boolean {
    return this.state !== undefined && existsSync(this.state);
  }

  /** Ends whatever is left of it, and removes its files. */
  async dispose(): Promise<void> {
    this.footprint.end();
    for (const { pid } of [...descendants(this.child.pid!).reverse(), { pid: this.child.pid! }]) killNow(pid);
    await this.closed;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private cliPid(): number {
    const found = descendants(this.child.pid!).find((p) => p.parent === this.child.pid);
    if (!found) throw new Error('bin/faultline.ts does not run');
    return found.pid;
  }

  /** The folder under .faultline/run whose owner is this run's process. */
  private stateFolder(): string | undefined {
    if (!existsSync(stateRoot)) return undefined;
    const own = (name: string) => {
      const owner = join(stateRoot, name, 'owner.json');
      return existsSync(owner) && JSON.parse(readFileSync(owner, 'utf8')).pid === this.cliPid();
    };
    const name = readdirSync(stateRoot).find(own);
    return name && join(stateRoot, name);
  }
}

function killNow(pid: number): void {
  if (processInfo(pid) === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
