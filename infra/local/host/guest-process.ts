import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { guestCable } from './host-network.ts';

export interface GuestProcessSpec {
  networkNamespace: string;
  /** The number of the one processor of this machine on which all of it runs. */
  processor: number;
  /** Unpacked packages: the guest's kernel and what the machine's own files lack. */
  stage: string;
  node: string;
  /** The folder with the application's bundle. */
  program: string;
  /** What the guest is told. */
  orders: string;
  /** The one folder that the guest can write. */
  share: string;
  swapFile: string;
  consoleLog: string;
  memoryMb: number;
  swapMb: number;
}

export interface GuestProcess {
  /** The agent's serial line. */
  line: Duplex;
  /** What the application prints. */
  output: Readable;
  /** Resolves with the end of the console when the guest has ended, whoever ended it. */
  ended: Promise<string>;
  /** Ends the guest's kernel and all processes of its own at once. */
  kill(): void;
}

const enter = join(import.meta.dirname, 'enter-host.sh');
const guestFiles = join(import.meta.dirname, 'guest');
const namespaces = ['--mount', '--propagation', 'private', '--pid', '--ipc', '--uts'];
const [lineDescriptor, outputDescriptor] = [3, 4];

/** Boots a guest: its kernel is a process of this machine, with a root that is the machine's files, read-only. */
export function startGuest(spec: GuestProcessSpec): GuestProcess {
  writeFileSync(spec.swapFile, '');
  truncateSync(spec.swapFile, spec.swapMb * 1024 * 1024);
  const console = openSync(spec.consoleLog, 'a');
  const child = spawn(
    'taskset',
    [
      ...['--cpu-list', String(spec.processor), 'nsenter'],
      ...[`--net=/run/netns/${spec.networkNamespace}`, '--'],
      ...['unshare', ...namespaces, '--fork', '--kill-child=KILL', '--'],
      ...['/bin/sh', enter, `/run/${spec.networkNamespace}`, spec.stage, guestFiles, spec.node, spec.program],
      ...[spec.orders, spec.share, spec.swapFile, String(spec.memoryMb), ...kernelArguments()],
    ],
    { stdio: ['ignore', console, console, 'pipe', 'pipe'] },
  );
  closeSync(console);
  return {
    line: child.stdio[lineDescriptor] as Duplex,
    output: child.stdio[outputDescriptor] as Readable,
    ended: endOf(child, spec.consoleLog),
    kill: () => void child.kill('SIGKILL'),
  };
}

function kernelArguments(): string[] {
  return [
    ...['uml_dir=/tmp', 'umid=host', 'root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'ro', 'init=/guest/init.sh'],
    ...['con=null', 'con0=null,fd:1', 'ssl=null', `ssl0=fd:${lineDescriptor}`, `ssl1=null,fd:${outputDescriptor}`],
    ...[`vec0:transport=raw,ifname=${guestCable}`, 'ubd0=/swap', 'panic=-1'],
  ];
}

/** Every process of the guest has the line open: it closes when the last of them has ended. */
function endOf(child: ChildProcess, consoleLog: string): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(readFileSync(consoleLog, 'utf8').trimEnd().split('\n').slice(-12).join('\n')));
  });
}
