import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface ContainerSpec {
  networkNamespace: string;
  hostname: string;
  /** uid and gid in the container. */
  user: number;
  argv: string[];
  environment: Record<string, string>;
  workingDirectory: string;
  /** The container's /tmp. */
  temporary: string;
  /** Folders that stay visible when they lie below /tmp. */
  keep: string[];
  logFile: string;
  onLine?: (line: string) => void;
}

export interface ContainerProcess {
  /** Main process, as seen in the sandbox: process 1 of its own pid namespace. */
  pid: number;
  /** Exit code, or 128 + n when signal n ended it, as a container runtime reports it. */
  exit: Promise<number>;
  signal(name: NodeJS.Signals): void;
}

const enter = join(import.meta.dirname, 'enter-container.sh');
const namespaces = ['--mount', '--propagation', 'slave', '--pid', '--ipc', '--uts'];

/**
 * Starts a process in namespaces of its own within a task's network. When its process 1 ends, the kernel ends all
 * others of the container. @throws when it ended before its program was reached
 */
export async function startContainer(spec: ContainerSpec): Promise<ContainerProcess> {
  const child = spawn(
    'nsenter',
    [
      ...[`--net=/run/netns/${spec.networkNamespace}`, '--'],
      ...['unshare', ...namespaces, '--'],
      ...['/bin/sh', enter, spec.hostname, String(spec.user), spec.workingDirectory, spec.temporary],
      ...[String(spec.keep.length), ...spec.keep, ...spec.argv],
    ],
    { env: spec.environment, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  );
  const exit = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
  copyOutput(child, spec);
  await reached(child, exit, spec);
  const pid = onlyChildOf(child.pid!);
  return { pid, exit, signal: (name) => signalProcess(pid, name) };
}

/** The script writes to descriptor 3 as its last act before it becomes the container's program. */
async function reached(child: ChildProcess, exit: Promise<number>, spec: ContainerSpec): Promise<void> {
  const started = new Promise<true>((resolve) => {
    (child.stdio[3] as Readable).once('data', () => resolve(true));
  });
  const first = await Promise.race([started, exit]);
  if (first !== true)
    throw new Error(`${spec.argv[0]} could not be started (exit code ${first}): ${tail(spec.logFile)}`);
}

function copyOutput(child: ChildProcess, spec: ContainerSpec): void {
  const log = createWriteStream(spec.logFile, { flags: 'a' });
  let open = 2;
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.pipe(log, { end: false });
    stream.once('close', () => {
      open--;
      if (open === 0) log.end();
    });
    if (spec.onLine !== undefined) createInterface({ input: stream }).on('line', spec.onLine);
  }
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '';
}

function onlyChildOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

function signalProcess(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It ended in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
