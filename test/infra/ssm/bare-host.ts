import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { documents } from '../../../infra/ssm/documents.ts';

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export const epochSeconds = () => Math.floor(Date.now() / 1000);

/**
 * A "host" of processes and a /run of its own, which is this machine in namespaces: enough for what a document does to
 * processes and files. What needs a kernel of its own (delay, memory, the OOM killer) is tested on the managed host.
 */
export class BareHost {
  readonly folder = mkdtempSync(join(tmpdir(), 'faultline-documents-'));
  private readonly init: ChildProcess;

  private constructor() {
    const flags = ['--user', '--map-root-user', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];
    const script = 'mount -t tmpfs tmpfs /run && echo ready && exec sleep infinity';
    this.init = spawn('unshare', [...flags, 'sh', '-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    for (const { name, content } of documents) {
      writeFileSync(join(this.folder, name), content.mainSteps[0]!.inputs.runCommand.join('\n'), { mode: 0o700 });
    }
  }

  static async start(): Promise<BareHost> {
    const host = new BareHost();
    await once(host.init.stdout!, 'data');
    return host;
  }

  /** Runs a document's script with these parameters as they are, as an agent that checks nothing would. */
  run(name: string, parameters: Record<string, string>, environment: Record<string, string> = {}): Promise<Outcome> {
    const variables = Object.entries(parameters).map(([key, value]) => `SSM_${key}=${value}`);
    const others = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
    return this.exec(['env', '-i', ...variables, ...others, 'sh', '-c', join(this.folder, name)]);
  }

  /** Runs a program on the host. */
  async exec(argv: string[]): Promise<Outcome> {
    const child = this.spawn(argv);
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout!),
      text(child.stderr!),
      once(child, 'close'),
    ]);
    return { code, stdout, stderr };
  }

  spawn(argv: string[]): ChildProcess {
    const within = ['--user', '--mount', '--pid', '--preserve-credentials', '--target', String(this.firstProcess())];
    return spawn('nsenter', [...within, ...argv], { stdio: ['ignore', 'pipe', 'pipe'], cwd: this.folder });
  }

  /** @throws Error when it does not come true within 5 s */
  async eventually(condition: () => Promise<boolean>): Promise<void> {
    for (const until = Date.now() + 5_000; !(await condition()); await sleep(50)) {
      if (Date.now() > until) throw new Error(`this did not come true: ${condition}`);
    }
  }

  /** unshare's child, as seen from here: the first process in there. */
  private firstProcess(): number {
    const { pid } = this.init;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
  }

  async stop(): Promise<void> {
    const ended = once(this.init, 'close');
    this.init.kill('SIGKILL');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
