import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultlinePython } from '../../support/python.ts';
import { freePort } from '../../support/services.ts';

const repository = resolve(import.meta.dirname, '..', '..', '..');
export const locustFolder = join(repository, 'infra', 'locust');
export const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name);

export interface LocustOptions {
  file: string;
  host: string;
  users: number;
  workers?: number;
  /** Without it, it is Locust as it is. */
  plugin?: boolean;
  /** More of the environment, for the master and the workers. */
  env?: Record<string, string>;
}

/** Locust as in a run: a master and its workers, each a process. Everything it writes is in a temporary folder. */
export class LocustRun {
  readonly folder = mkdtempSync(join(tmpdir(), 'faultline-locust-'));
  readonly runId = 'test-run';
  readonly workers: LocustProcess[] = [];
  readonly master: LocustProcess;
  /** Where the master listens for workers. */
  readonly port: number;
  private readonly options: LocustOptions;

  private constructor(options: LocustOptions, port: number, expected: number) {
    this.options = options;
    this.port = port;
    const { users } = options;
    this.master = this.launch([
      ...['--master', '--master-bind-host', '127.0.0.1', '--master-bind-port', String(port)],
      ...['--headless', '--expect-workers', String(expected), '--users', String(users), '--spawn-rate', String(users)],
      ...['--csv', join(this.folder, 'locust'), '--stop-timeout', '5', '--only-summary'],
    ]);
    for (let i = 0; i < (options.workers ?? 2); i++) {
      this.workers.push(this.launch(['--worker', '--master-host', '127.0.0.1', '--master-port', String(port)]));
    }
  }

  static async start(options: LocustOptions, expectedWorkers = options.workers ?? 2): Promise<LocustRun> {
    return new LocustRun(options, await freePort(), expectedWorkers);
  }

  /** Waits until something is true of what the run has written. */
  async until(what: string, holds: () => boolean, seconds = 15): Promise<void> {
    const limit = Date.now() + seconds * 1000;
    while (!holds()) {
      if (Date.now() > limit) throw new Error(`not in ${seconds} s: ${what}\n${this.log()}`);
      await sleep(50);
    }
  }

  /** The load has begun and every user is there. */
  loaded = (seconds?: number): Promise<void> =>
    this.until('all users', () => this.lines('items.jsonl').some((i) => i.data.users === this.options.users), seconds);

  async ended(): Promise<void> {
    await Promise.all([this.master, ...this.workers].map((p) => p.ended));
  }

  async remove(): Promise<void> {
    for (const process of [this.master, ...this.workers]) process.kill('SIGKILL');
    await this.ended();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** An object's text, by its key under the run. */
  object = (name: string): string => readFileSync(join(this.folder, 'runs', this.runId, name), 'utf8');

  objects(kind: string): string[] {
    return this.list(join('runs', this.runId, kind)).map((name) => `${kind}/${name}`);
  }

  // biome-ignore lint/suspicious/noExplicitAny: parsed by the schemas where it matters
  jsonLines = (kind: string): any[] => this.objects(kind).flatMap((name) => parseLines(this.object(name)));

  // biome-ignore lint/suspicious/noExplicitAny: parsed by the schemas where it matters
  lines(file: string): any[] {
    return this.list('.').includes(file) ? parseLines(readFileSync(join(this.folder, file), 'utf8')) : [];
  }

  /** Requests and failures of Locust's own `Aggregated` row, from the file that `--csv` made. */
  aggregated = (): Counts => aggregatedRow(readFileSync(join(this.folder, 'locust_stats.csv'), 'utf8'));

  log = (): string => [this.master, ...this.workers].map((p) => p.output).join('\n---\n');

  private list(folder: string): string[] {
    try {
      return readdirSync(join(this.folder, folder)).sort();
    } catch {
      return [];
    }
  }

  private launch(args: string[]): LocustProcess {
    const { file, host, env, plugin = true } = this.options;
    return new LocustProcess(['-f', plugin ? `${file},faultline_plugin.py` : file, '--host', host, ...args], {
      FAULTLINE_RUN_ID: this.runId,
      FAULTLINE_EXPECTED_WORKERS: '2',
      FAULTLINE_MAX_SECONDS: '60',
      FAULTLINE_OUT: this.folder,
      ...env,
    });
  }
}

export interface Counts {
  requests: number;
  failures: number;
}

export function aggregatedRow(csv: string): Counts {
  const row = csv.split('\n').find((line) => line.startsWith(',Aggregated,'));
  if (!row) throw new Error(`no Aggregated row in: ${csv}`);
  const [, , requests, failures] = row.split(',').map(Number);
  return { requests: requests!, failures: failures! };
}

const parseLines = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

export class LocustProcess {
  output = '';
  /** The exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
  private readonly child: ChildProcess;

  constructor(args: string[], env: Record<string, string> = {}) {
    this.child = spawn(faultlinePython(), ['-m', 'locust', ...args], {
      cwd: locustFolder,
      env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1', ...env },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk) => {
        this.output += chunk;
      });
    }
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the process did not start');
    return this.child.pid;
  }

  kill = (signal: NodeJS.Signals): boolean => this.child.kill(signal);
}
