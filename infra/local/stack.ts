import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { apiPort, faultPlanePort } from './addresses.ts';
import { outsidePids } from './outside-pids.ts';
import { openPort } from './port.ts';
import { endOf } from './sandbox/ministack.ts';
import type { FromSandbox, ImageConfig, SandboxConfig, TaskProcess } from './sandbox/protocol.ts';
import { type ExecOptions, type ExecResult, execInside } from './sandbox-exec.ts';
import { type SandboxProcess, spawnSandbox, systemPath } from './sandbox-process.ts';
import { createStateFolder, removeStaleStateFolders } from './state-folder.ts';

export interface LocalStackOptions {
  /** Port on 127.0.0.1. Default FAULTLINE_PORT, else 4566. */
  port?: number;
  /** The virtual environment's Python. */
  python: string;
  /** Where runs keep their state folders. Default `<repository>/.faultline/run`; every run makes its own in it. */
  stateRoot?: string;
  /** Container images that are programs of this machine, by repository name: other people's applications. */
  images?: Record<string, ImageConfig>;
  /** Tasks that may exist at once; beyond it RunTask answers with `failures`. Default 64. */
  maxTasks?: number;
  onProgress?: (text: string) => void;
}

export interface LocalStack {
  /** `http://127.0.0.1:<port>`, for every AWS API. */
  endpoint: string;
  /** Passes every authorization: for setting up, never for what is under test. */
  root: { accessKeyId: string; secretAccessKey: string };
  region: string;
  account: string;
  /** Logs, volumes and the emulator's files; removed by `stop`. */
  stateDir: string;
  /** Runs a program inside the sandbox: in the router's network, or in a task's. */
  exec(argv: string[], options?: ExecOptions): Promise<ExecResult>;
  /** What really runs. `pid` is the container's main process as seen from outside. */
  tasks(): Promise<TaskProcess[]>;
  /** Resolves with the reason when the stack ends without `stop`. */
  died: Promise<string>;
  /** Stops the tasks by their stop signals, then everything, and removes the state folder. Idempotent. */
  stop(): Promise<void>;
}

export type { ExecOptions, ExecResult, ImageConfig, TaskProcess };

const repository = resolve(import.meta.dirname, '..', '..');
const stopGraceMs = 3_000;
const defaultTimeoutMs = 30_000;

/**
 * Starts the local AWS: the emulator, the fault plane and the network in which tasks run, all in namespaces of their
 * own that end with this process.
 * @throws PortInUse, or an error whose message has the end of the log
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const progress = options.onProgress ?? (() => {});
  const port = options.port ?? portFromEnvironment();
  const stateRoot = options.stateRoot ?? join(repository, '.faultline', 'run');
  removeStaleStateFolders(stateRoot);
  const folder = createStateFolder(stateRoot);
  const config = makeConfig(options, folder);

  let died: (reason: string) => void = () => {};
  let stopping: Promise<void> | undefined;
  const whenDied = new Promise<string>((resolve) => {
    died = resolve;
  });
  const listener = await openPort(port, folder.socket).catch((error) => {
    folder.remove();
    throw error;
  });
  const ready = Promise.withResolvers<void>();
  const messages = new Map<FromSandbox['type'], (message: FromSandbox) => void>();
  progress('making the private network');
  const sandbox = spawnSandbox(config, (message) => {
    if (message.type === 'progress') progress(message.text);
    else if (message.type === 'ready') ready.resolve();
    else if (message.type === 'died') died(message.reason);
    else messages.get(message.type)?.(message);
  });
  const ended = once(sandbox.child, 'exit').then(() => {
    if (stopping === undefined) died(`the sandbox ended\n${endOf(join(config.stateDir, 'sandbox.log'))}`);
  });

  const end = async () => {
    await stopSandbox(sandbox, ended, messages);
    listener.close();
    folder.remove();
  };
  const stop = () => {
    stopping ??= end();
    return stopping;
  };

  try {
    await Promise.race([ready.promise, whenDied.then((reason) => Promise.reject(new Error(reason)))]);
  } catch (error) {
    await stop();
    throw error;
  }

  const tasks = askForTasks(sandbox, messages, whenDied);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    root: config.root,
    region: config.region,
    account: config.account,
    stateDir: config.stateDir,
    died: whenDied,
    stop,
    tasks,
    async exec(argv, { env = {}, taskArn, timeoutMs = defaultTimeoutMs } = {}) {
      const networkNamespace = taskArn === undefined ? undefined : networkOf(await tasks(), taskArn);
      return execInside(
        sandbox.init(),
        argv,
        { ...insideEnvironment(config), ...env },
        { networkNamespace, timeoutMs },
      );
    },
  };
}

function networkOf(tasks: TaskProcess[], taskArn: string): string {
  const network = tasks.find((task) => task.taskArn === taskArn)?.networkNamespace;
  if (network === undefined || network === null) throw new Error(`the task ${taskArn} has no network now`);
  return `/run/netns/${network}`;
}

function askForTasks(
  sandbox: SandboxProcess,
  messages: Map<string, (message: FromSandbox) => void>,
  whenDied: Promise<string>,
): () => Promise<TaskProcess[]> {
  let requests = 0;
  const pending = new Map<number, PromiseWithResolvers<TaskProcess[]>>();
  messages.set('tasks', (message) => {
    if (message.type !== 'tasks') return;
    pending.get(message.request)?.resolve(message.tasks);
    pending.delete(message.request);
  });
  void whenDied.then((reason) => {
    for (const { reject } of pending.values()) reject(new Error(reason));
  });
  return async () => {
    const request = ++requests;
    const answer = Promise.withResolvers<TaskProcess[]>();
    pending.set(request, answer);
    sandbox.send({ type: 'tasks', request });
    const inside = await answer.promise;
    const pids = outsidePids(sandbox.init());
    return inside.map((task) => ({
      ...task,
      containers: task.containers.map(({ name, pid }) => ({
        name,
        pid: pid === null ? null : (pids.get(pid) ?? null),
      })),
    }));
  };
}

async function stopSandbox(
  sandbox: SandboxProcess,
  ended: Promise<void>,
  messages: Map<string, (message: FromSandbox) => void>,
): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    messages.set('stopped', () => resolve());
  });
  sandbox.send({ type: 'stop', graceMs: stopGraceMs });
  const limit = setTimeout(sandbox.kill, stopGraceMs + 1_000);
  await Promise.race([stopped, ended]);
  sandbox.kill();
  await ended;
  clearTimeout(limit);
}

function makeConfig(options: LocalStackOptions, folder: { id: string; path: string; socket: string }): SandboxConfig {
  const node = join(repository, 'node_modules', 'node', 'bin', 'node');
  const cacheDir = join(repository, '.faultline', 'cache');
  mkdirSync(cacheDir, { recursive: true });
  return {
    id: folder.id,
    stateDir: folder.path,
    socket: folder.socket,
    cacheDir,
    repository,
    python: resolve(options.python),
    node,
    path: [dirname(node), dirname(resolve(options.python)), systemPath].join(':'),
    region: 'us-east-1',
    account: '000000000000',
    root: {
      accessKeyId: `FLROOT${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(24).toString('base64url'),
    },
    maxTasks: options.maxTasks ?? 64,
    images: options.images ?? {},
  };
}

function insideEnvironment(config: SandboxConfig): Record<string, string> {
  return {
    PATH: config.path,
    LANG: 'C.UTF-8',
    HOME: join(config.stateDir, 'home'),
    TMPDIR: join(config.stateDir, 'tmp'),
    AWS_REGION: config.region,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${apiPort}`,
    AWS_ENDPOINT_URL_ECS: `http://127.0.0.1:${faultPlanePort}`,
    AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING: `http://127.0.0.1:${faultPlanePort}`,
  };
}

/** @throws RangeError, in one line, when FAULTLINE_PORT is not a port */
export function portFromEnvironment(): number {
  const text = process.env.FAULTLINE_PORT ?? String(apiPort);
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new RangeError(`FAULTLINE_PORT is "${text}"; it has to be a port from 1 to 65535`);
  }
  return port;
}
