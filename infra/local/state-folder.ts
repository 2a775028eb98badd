import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessId, processId } from './process-id.ts';

/** A Unix socket's path must fit into sockaddr_un: 108 bytes with its terminating zero. */
const longestSocketPath = 107;
/** How long a killed durable stack's folder waits for somebody to resume it. */
const keptMs = 3_600_000;
const killedWithinMs = 5_000;

export interface StateFolder {
  id: string;
  path: string;
  /** Where the sandbox's relay listens; in the state folder unless that path would be too long. */
  socket: string;
  root: RootKey;
  /** Whether the emulator's state in it outlives the stack. */
  durable: boolean;
  /** Notes the sandbox's process 1: while it lives, nobody else gets the folder. */
  sandboxStarted(pid: number): void;
  /** Removes it, unless somebody has taken it over. */
  remove(): void;
}

/** The access key of the stack's root. */
export interface RootKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** What owner.json says: the process that started the stack, and what another one needs to take it over. */
interface Owner extends ProcessId {
  /** Tells one owner's time from the next one's. */
  tenure: string;
  socket: string;
  root: RootKey;
  durable: boolean;
  /** Process 1 of the sandbox, once it has started. */
  sandbox: ProcessId | null;
}

export class NotResumable extends Error {
  constructor(path: string, reason: string) {
    super(`the stack of ${path} cannot be resumed: ${reason}`);
    this.name = 'NotResumable';
  }
}

/** Makes `<root>/<id>`, owned by this process until `remove` is called. */
export function createStateFolder(root: string, durable = false): StateFolder {
  const id = randomBytes(4).toString('hex');
  const path = join(root, id);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  // The emulator unpacks its CommonJS programs in here; without this they would count as this package's modules.
  writeFileSync(join(path, 'package.json'), '{}');
  const inside = join(path, 'gateway.sock');
  const socket = Buffer.byteLength(inside) <= longestSocketPath ? inside : join(tmpdir(), `faultline-${id}.sock`);
  return own(path, { socket, durable, root: newKey() });
}

function newKey(): RootKey {
  return {
    accessKeyId: `FLROOT${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(24).toString('base64url'),
  };
}

/** Makes the folder of a killed durable stack this process's own. @throws NotResumable */
export async function takeOverStateFolder(path: string): Promise<StateFolder> {
  const owner = readOwner(path);
  if (owner === undefined) throw new NotResumable(path, 'it is no state folder');
  if (!owner.durable) throw new NotResumable(path, 'it was not started as durable');
  const { sandbox } = owner;
  const isSandboxRunning = () => sandbox !== null && isRunning(sandbox);
  if (isRunning(owner) && (owner.pid !== process.pid || isSandboxRunning())) {
    throw new NotResumable(path, `process ${owner.pid}, which started it, has not ended it`);
  }
  // With its owner's end the kernel kills the sandbox, which takes a moment.
  for (const deadline = Date.now() + killedWithinMs; isSandboxRunning(); await sleep(20)) {
    if (Date.now() > deadline) throw new NotResumable(path, `its process ${sandbox?.pid} still runs`);
  }
  rmSync(owner.socket, { force: true });
  return own(path, owner);
}

function own(path: string, { socket, root, durable }: Pick<Owner, 'socket' | 'root' | 'durable'>): StateFolder {
  const tenure = randomBytes(8).toString('hex');
  const write = (sandbox: ProcessId | null) => {
    const owner: Owner = { ...processId(process.pid), tenure, socket, root, durable, sandbox };
    writeFileSync(join(path, 'owner.json'), JSON.stringify(owner), { mode: 0o600 });
  };
  write(null);
  return {
    id: basename(path),
    path,
    socket,
    root,
    durable,
    sandboxStarted: (pid) => write(processId(pid)),
    remove: () => {
      if (readOwner(path)?.tenure === tenure) removeStateFolder(path, socket);
    },
  };
}

function removeStateFolder(path: string, socket: string): void {
  rmSync(socket, { force: true });
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Removes the folders whose owner no longer runs: what a killed run could not remove itself. A durable stack's is kept
 * for an hour after its state changed last.
 * Returns the paths removed. A folder without an owner file is somebody else's and stays.
 * @param now epoch milliseconds
 */
export function removeStaleStateFolders(root: string, now = Date.now()): string[] {
  if (!existsSync(root)) return [];
  const removed: string[] = [];
  for (const name of readdirSync(root)) {
    const path = join(root, name);
    const owner = readOwner(path);
    if (owner === undefined || isRunning(owner)) continue;
    if (owner.durable && now - lastChange(path) < keptMs) continue;
    removeStateFolder(path, owner.socket);
    removed.push(path);
  }
  return removed;
}

/** Where the emulator keeps its state, in a stack's folder. */
export const emulatorFolder = 'ministack';

/** Epoch milliseconds of the last checkpoint with something new in it; 0 when there was none. */
function lastChange(path: string): number {
  return statSync(join(path, emulatorFolder), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(path, 'owner.json'), 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}
