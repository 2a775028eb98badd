import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalStack } from '../../../infra/local/stack.ts';
import { faultlinePython } from '../../support/python.ts';

export const repository = join(import.meta.dirname, '..', '..', '..');
export const python = faultlinePython();
export const node = join(repository, 'node_modules', 'node', 'bin', 'node');

/** The first value of `read` that is neither undefined nor false. @throws when there is none in time */
export async function eventually<T>(
  what: string,
  read: () => Promise<T | undefined | false>,
  seconds = 15,
  everyMs = 100,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(everyMs);
  }
}

/**
 * What connecting from inside comes to: `connected`, the error's code, or `timeout` when nothing came for longer than
 * an address that nobody has takes to become EHOSTUNREACH on a local network.
 */
export async function connect(stack: LocalStack, host: string, port: number, taskArn?: string): Promise<string> {
  const script = `const s = require('net').connect(${port}, '${host}');
    const end = (text) => { console.log(text); process.exit(); };
    s.on('connect', () => end('connected')); s.on('error', (e) => end(e.code)); setTimeout(() => end('timeout'), 3500);`;
  return (await stack.exec([node, '-e', script], { taskArn })).stdout.trim();
}

/** Rows of a query, run inside. */
export async function query(stack: LocalStack, url: string, sql: string): Promise<unknown[]> {
  const script = `const { Client } = require('pg');
    const client = new Client({ connectionString: ${JSON.stringify(url)}, connectionTimeoutMillis: 2000 });
    client.connect().then(() => client.query(${JSON.stringify(sql)})).then(({ rows }) => console.log(JSON.stringify(rows)))
      .then(() => client.end()).catch((e) => { console.error(e.message); process.exit(1); });`;
  const { code, stdout, stderr } = await stack.exec([node, '-e', script], {
    env: { NODE_PATH: join(repository, 'node_modules') },
  });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Ends everything of the stack at once: emulator, fault plane and tasks. */
export function killFirstProcess({ stateDir }: LocalStack): void {
  process.kill(JSON.parse(readFileSync(join(stateDir, 'owner.json'), 'utf8')).sandbox.pid, 'SIGKILL');
}

export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** `address:port`, hexadecimal as in /proc/net/tcp, of the listening TCP sockets that these processes hold here. */
export function listening(pids: (number | string)[]): string[] {
  const held = new Set(pids.flatMap(socketsOf));
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && held.has(`socket:[${fields[9]}]`))
      .map((fields) => fields[1]!),
  );
}

function socketsOf(pid: number | string): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((descriptor) => {
    try {
      return [readlinkSync(`${folder}/${descriptor}`)];
    } catch {
      return []; // Closed in the meantime.
    }
  });
}

/** Whether something listens on this port of this machine's loopback. */
export function isPortOpen(port: number): Promise<boolean> {
  const socket = createConnection({ host: '127.0.0.1', port });
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}
