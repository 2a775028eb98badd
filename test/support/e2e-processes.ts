import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What /proc says of one process. */
export interface ProcessInfo {
  pid: number;
  parent: number;
  /** Clock ticks since boot: tells it from a later process with the same pid. */
  startTime: string;
  name: string;
  state: string;
}

export function processInfo(pid: number): ProcessInfo | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === '') return undefined;
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  const name = stat.slice(stat.indexOf('(') + 1, end);
  return { pid, parent: Number(fields[1]), startTime: fields[19]!, name, state: fields[0]! };
}

export const allPids = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** Every process below `root`, in whatever namespace it is. */
export function descendants(root: number): ProcessInfo[] {
  const children = Map.groupBy(
    allPids().flatMap((pid) => processInfo(pid) ?? []),
    (p) => p.parent,
  );
  const below = (pid: number): ProcessInfo[] => (children.get(pid) ?? []).flatMap((p) => [p, ...below(p.pid)]);
  return below(root);
}

/** Processes whose command line or environment names `text`. */
export function processesNaming(text: string): number[] {
  const names = (pid: number) => ['cmdline', 'environ'].some((file) => read(`/proc/${pid}/${file}`).includes(text));
  return allPids().filter((pid) => pid !== process.pid && names(pid));
}

export const commandLine = (pid: number) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();

/** Its variables, a `NAME=value` each. */
export const environmentOf = (pid: number) => read(`/proc/${pid}/environ`).split('\0');

const kinds = ['net', 'pid', 'mnt'] as const;

/** Its network, pid and mount namespaces, for example `net:[4026531840]`. */
export function namespacesOf(pid: number): string[] {
  return kinds.flatMap((kind) => {
    try {
      return [readlinkSync(`/proc/${pid}/ns/${kind}`)];
    } catch {
      return []; // It ended while we looked.
    }
  });
}

/** TCP sockets that listen on other addresses of this machine than loopback, as `<address>:<port>` in hexadecimal. */
export function listenersBeyondLoopback(): string[] {
  return listeners().filter((address) => !/^(......7F|0{24}01000000|0{16}FFFF0000......7F):/.test(address));
}

export const isListening = (port: number) =>
  listeners().some((address) => address.endsWith(`:${port.toString(16).toUpperCase().padStart(4, '0')}`));

function listeners(): string[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].filter(existsSync).flatMap((file) =>
    read(file)
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A')
      .map((fields) => fields[1]!),
  );
}

/** Mount points of this process' own namespace. */
export const mountPoints = () =>
  read('/proc/self/mountinfo')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' ')[4]!);

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // A process that ended while we looked, or another user's.
  }
}
