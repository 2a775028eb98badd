import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPreconditions } from '../../../infra/local/preconditions.ts';
import { type LocalStack, startLocalStack } from '../../../infra/local/stack.ts';
import { freePort } from '../../support/services.ts';
import { eventually, isPortOpen, listening, node, python, repository } from './probe.ts';

/** Every process whose command line or environment names the folder: all that a stack in it has started. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid && belongsTo(pid, folder),
  );
}

function belongsTo(pid: string, folder: string): boolean {
  return ['cmdline', 'environ'].some((file) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
}

/** The network namespaces that the stack in this folder has made, and that still exist. */
function networkNamespaces(folder: string): string[] {
  const own = readlinkSync('/proc/self/ns/net');
  const links = processesOf(folder).map((pid) => readlinkSync(`/proc/${pid}/ns/net`));
  return [...new Set(links)].filter((link) => link !== own).map((link) => /\d+/.exec(link)![0]);
}

function existingNamespaces(): string[] {
  return spawnSync('lsns', ['-t', 'net', '-n', '-r', '-o', 'NS'], { encoding: 'utf8' }).stdout.trim().split('\n');
}

/** The stack's processes that are in this machine's own network. */
function outside(folder: string): string[] {
  const own = readlinkSync('/proc/self/ns/net');
  return processesOf(folder).filter((pid) => readlinkSync(`/proc/${pid}/ns/net`) === own);
}

let stateRoot: string;
beforeEach(() => {
  stateRoot = mkdtempSync(join(tmpdir(), 'faultline-test-'));
});
afterEach(() => rmSync(stateRoot, { recursive: true, force: true }));

test('nothing keeps the stack from starting here', async () => {
  expect(await checkPreconditions({ python })).toEqual([]);
});

test('a missing Python environment is named with the command that makes it', async () => {
  const [problem] = await checkPreconditions({ python: '/nowhere/bin/python' });
  expect(problem).toMatchObject({ problem: expect.stringContaining('/nowhere/bin/python'), mend: 'npm run setup' });
});

describe('a stack', () => {
  let stack: LocalStack;
  let port: number;

  beforeEach(async () => {
    port = await freePort();
    stack = await startLocalStack({ python, port, stateRoot });
  }, 40_000);
  afterEach(() => stack.stop());

  test('listens on one port of loopback and nowhere else', () => {
    const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
    expect(listening([process.pid, ...outside(stack.stateDir)])).toEqual([`0100007F:${hexPort}`]);
  });

  test('is deaf to Ctrl-C in the terminal: only its owner decides', () => {
    const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ');
    const sandbox = children.find((pid) => belongsTo(pid, stack.stateDir)) ?? processesOf(stack.stateDir)[0]!;
    const session = (pid: string | number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[3];
    expect(session(sandbox)).not.toBe(session(process.pid));
  });

  test('tells when the emulator has died', async () => {
    const emulator = processesOf(stack.stateDir).find((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('ministack'),
    );
    process.kill(Number(emulator), 'SIGKILL');
    expect(await stack.died).toMatch(/emulator ended \(SIGKILL\).*ministack\.log/);
  });

  test('is gone without a trace, in less than 5 seconds, when it is stopped', async () => {
    const began = Date.now();
    expect(processesOf(stack.stateDir).length).toBeGreaterThan(2);
    await stack.stop();
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(processesOf(stack.stateDir)).toEqual([]);
    expect(existsSync(stack.stateDir)).toBe(false);
    expect(await isPortOpen(port)).toBe(false);
  });
});

test('a port in use is named in one line with its holder and how to choose another', async () => {
  const port = await freePort();
  const holder = createServer().listen(port, '127.0.0.1');
  await once(holder, 'listening');
  try {
    await expect(startLocalStack({ python, port, stateRoot })).rejects.toThrow(
      new RegExp(`^port ${port} is in use.*pid ${process.pid}.*FAULTLINE_PORT=<port>$`),
    );
    expect(readdirSync(stateRoot)).toEqual([]);
  } finally {
    holder.close();
  }
});

describe('the command line', () => {
  const start = (args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess =>
    spawn(node, [join(repository, 'bin', 'faultline.ts'), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  test('leaves no process, port or namespace when it is killed, and the next start removes its state folder', async () => {
    const port = await freePort();
    const child = start(['up', '--empty'], { FAULTLINE_PORT: String(port) });
    const [announced] = await once(child.stdout!, 'data');
    const stateDir = /state and logs: ([^;]+);/.exec(String(announced))![1]!;
    expect(processesOf(stateDir).length).toBeGreaterThan(2);
    const namespaces = networkNamespaces(stateDir);
    expect(namespaces.length).toBeGreaterThan(0);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    // The listener is the killed process's own, which names no state folder: its port is closed when it has ended.
    await ended;
    await eventually('every process has ended', async () => processesOf(stateDir).length === 0, 5);
    expect(await isPortOpen(port)).toBe(false);
    await eventually(
      'every network namespace is gone',
      async () => !existingNamespaces().some((namespace) => namespaces.includes(namespace)),
      5,
    );
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(stateDir);
    const next = await startLocalStack({ python, port });
    expect(existsSync(stateDir)).toBe(false);
    await next.stop();
  }, 40_000);
});
