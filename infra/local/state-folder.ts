import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Unix socket's path must fit into sockaddr_un: 108 bytes with its terminating zero. */
const longestSocketPath = 107;

export interface StateFolder {
  id: string;
  path: string;
  /** Where the sandbox's relay listens; in the state folder unless that path would be too long. */
  socket: string;
  remove(): void;
}

interface Owner {
  pid: number;
  /** Clock ticks since boot at which the owner started: tells it from a later process with the same pid. */
  startTime: string;
  socket: string;
}

/** Field 22 of /proc/<pid>/stat, or undefined when there is no such process. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Makes `<root>/<id>`, owned by this process until `remove` is called. */
export function createStateFolder(root: string): StateFolder {
  const id = randomBytes(4).toString('hex');
  const path = join(root, id);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  // The emulator unpacks its CommonJS programs in here; without this they would count as this package's modules.
  writeFileSync(join(path, 'package.json'), '{}');
  const inside = join(path, 'gateway.sock');
  const socket = Buffer.byteLength(inside) <= longestSocketPath ? inside : join(tmpdir(), `faultline-${id}.sock`);
  const owner: Owner = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '', socket };
  writeFileSync(join(path, 'owner.json'), JSON.stringify(owner));
  return { id, path, socket, remove: () => removeStateFolder(path, socket) };
}

function removeStateFolder(path: string, socket: string): void {
  rmSync(socket, { force: true });
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Removes the folders whose owner no longer runs: what a killed run could not remove itself.
 * Returns the paths removed. A folder without an owner file is somebody else's and stays.
 */
export function removeStaleStateFolders(root: string): string[] {
  if (!existsSync(root)) return [];
  const removed: string[] = [];
  for (const name of readdirSync(root)) {
    const path = join(root, name);
    const owner = readOwner(join(path, 'owner.json'));
    if (owner === undefined || startTimeOf(owner.pid) === owner.startTime) continue;
    removeStateFolder(path, owner.socket);
    removed.push(path);
  }
  return removed;
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}
