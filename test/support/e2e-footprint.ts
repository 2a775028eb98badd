import { existsSync, readdirSync } from 'node:fs';
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

/** What programs of a run might call a temporary file of theirs. */
const ours = /faultline|cdk|ministack|locust|redis|pgsql|postgres|esbuild|asset|bundling/i;

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
      ...pids.flatMap((pid) =>
        namespacesOf(pid)
          .filter((n) => this.namespaces.has(n))
          .map((n) => `${n} of ${pid}`),
      ),
      ...(isListening(this.port) ? [`port ${this.port}`] : []),
      ...without(mountPoints(), this.before.mounts).map((path) => `mount ${path}`),
      ...without(interfaces(), this.before.interfaces).map((name) => `network interface ${name}`),
      ...without(temporaryFiles(), this.before.temporary).map((name) => `temporary file ${name}`),
      ...folders.filter(existsSync).map((folder) => `folder ${folder}: ${readdirSync(folder).join(', ')}`),
    ];
  }

  dispose(): void {
    clearInterval(this.timer);
  }

  private knownProcess(pid: number): string[] {
    const info = processInfo(pid);
    if (!info || info.state === 'Z') return [];
    const seen = this.processes.get(`${pid}@${info.startTime}`);
    return seen === undefined ? [] : [`process ${pid}: ${seen}`];
  }
}

const interfaces = () => readdirSync('/sys/class/net');
const temporaryFiles = () => readdirSync(tmpdir()).filter((name) => ours.test(name));
const without = (all: string[], some: string[]) => all.filter((one) => !some.includes(one));
