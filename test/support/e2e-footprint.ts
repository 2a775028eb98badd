import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import {
  allPids,
  commandLine,
  descendants,
  isListening,
  mountPoints,
  namespacesOf,
  processesNaming,
  processInfo,
} from './e2e-processes.ts';

const lookEveryMs = 300;

/** What programs of a run would call files that they put into the machine's own temporary folder in spite of TMPDIR. */
const ours = /^(ministack|locust|redis|\.s\.PGSQL|esbuild|asset|bundling|node-compile-cache|faultline-[0-9a-f]{8}\.)/;

/**
 * Everything that a process and those below it are seen to make on this machine while it runs: processes, namespaces,
 * mounts, network interfaces, listening port, temporary files. `left` tells which of it still exists.
 */
export class Footprint {
  private readonly root: number;
  private readonly port: number;
  private readonly processes = new Map<string, string>();
  private readonly namespaces = new Set<string>();
  private readonly own = new Set(namespacesOf(process.pid));
  private readonly before = { mounts: mountPoints(), interfaces: interfaces(), temporary: temporaryFiles() };
  private readonly timer: NodeJS.Timeout;
  /** Clock ticks since boot. The kernel gives a namespace that is gone the next one's number: later processes are others'. */
  private endedAt = Number.POSITIVE_INFINITY;

  constructor(root: number, port: number) {
    this.root = root;
    this.port = port;
    this.look();
    this.timer = setInterval(() => this.look(), lookEveryMs);
  }

  /** How much has been seen, so that a test can tell nothing left from nothing looked at. */
  get seen() {
    return { processes: this.processes.size, namespaces: this.namespaces.size };
  }

  look(): void {
    const root = processInfo(this.root);
    for (const { pid, startTime } of [...(root ? [root] : []), ...descendants(this.root)]) {
      this.processes.set(`${pid}@${startTime}`, commandLine(pid));
      for (const namespace of namespacesOf(pid)) if (!this.own.has(namespace)) this.namespaces.add(namespace);
    }
  }

  /** What is left of it now, one line each. `folders` are the run's own, and name its processes. */
  left(folders: string[]): string[] {
    const pids = allPids();
    return [
      ...pids.flatMap((pid) => this.knownProcess(pid)),
      ...folders.flatMap((folder) => processesNaming(folder).map((pid) => `process ${pid}: ${commandLine(pid)}`)),
      ...pids.flatMap((pid) => this.heldNamespaces(pid).map((namespace) => `${namespace} of ${pid}`)),
      ...(isListening(this.port) ? [`port ${this.port}`] : []),
      ...without(mountPoints(), this.before.mounts).map((path) => `mount ${path}`),
      ...without(interfaces(), this.before.interfaces).map((name) => `network interface ${name}`),
      ...without(temporaryFiles(), this.before.temporary).map((name) => `temporary file ${name}`),
      ...folders.filter(existsSync).map((folder) => `folder ${folder}: ${readdirSync(folder).join(', ')}`),
    ];
  }

  /** What it left is all there now. */
  end(): void {
    clearInterval(this.timer);
    this.endedAt = Math.min(this.endedAt, ticksSinceBoot());
  }

  /** Namespaces of the run that this process is in. */
  private heldNamespaces(pid: number): string[] {
    const startTime = Number(processInfo(pid)?.startTime ?? Number.POSITIVE_INFINITY);
    return startTime > this.endedAt ? [] : namespacesOf(pid).filter((namespace) => this.namespaces.has(namespace));
  }

  private knownProcess(pid: number): string[] {
    const info = processInfo(pid);
    if (!info || info.state === 'Z') return [];
    const seen = this.processes.get(`${pid}@${info.startTime}`);
    return seen === undefined ? [] : [`process ${pid}: ${seen}`];
  }
}

/** In the unit of a process' start time: USER_HZ, 100 a second. */
const ticksSinceBoot = () => Number.parseFloat(readFileSync('/proc/uptime', 'utf8')) * 100;
const interfaces = () => readdirSync('/sys/class/net');
const temporaryFiles = () => readdirSync(tmpdir()).filter((name) => ours.test(name));
const without = (all: string[], some: string[]) => all.filter((one) => !some.includes(one));
