import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { checkRules } from './ecs/throttle.ts';
import type { HostCommandResult } from './host/host-channel.ts';
import type { HostSpec } from './host/host-spec.ts';
import type { HostView } from './host/host-view.ts';
import { outsidePids } from './outside-pids.ts';
import { openPort } from './port.ts';
import { portFromEnvironment } from './port-from-environment.ts';
import { endOf } from './sandbox/ministack.ts';
import type { ImageConfig, TaskProcess, ThrottleRule } from './sandbox/protocol.ts';
import { insideEnvironment, makeConfig, repository } from './sandbox-config.ts';
import { type ExecOptions, type ExecResult, execInside } from './sandbox-exec.ts';
import { type SandboxProcess, spawnSandbox } from './sandbox-process.ts';
import { SandboxRequests } from './sandbox-requests.ts';
import { createStateFolder, removeStaleStateFolders, type StateFolder, takeOverStateFolder } from './state-folder.ts';

export interface LocalStackOptions {
  /** Port on 127.0.0.1. Default FAULTLINE_PORT, else 4566. */
  port?: number;
  /** The virtual environment's Python. */
  python: string;
  /** Where runs keep their state folders. Default `<repository>/.faultline/run`; every run makes its own in it. */
  stateRoot?: string;
  /** Container images that are programs of this machine, by repository name: other people's applications. */
  images?: Record<string, ImageConfig>;
  /** A folder whose Locust files the load generator's tasks get. */
  locustFolder?: string;
  /** Tasks that may exist at once; beyond it RunTask answers with `failures`. Default 64. */
  maxTasks?: number;
  /** What the emulator holds outlives a SIGKILL of the stack, but for the last second; a volume's files do anyway. */
  durable?: boolean;
  /** The `stateDir` of a durable stack that was killed: this one goes on where that one was, durable itself. */
  resume?: string;
  onProgress?: (text: string) => void;
}

/** An emulated AWS on this machine that a deployment can go to. */
export interface LocalAws {
  /** `http://127.0.0.1:<port>`, for every AWS API. */
  endpoint: string;
  /** Passes every authorization: for setting up, never for what is under test. */
  root: { accessKeyId: string; secretAccessKey: string };
  region: string;
  account: string;
  /** For the files of this run. */
  stateDir: string;
}

/** One that this process started. Its state folder has its logs, volumes and the emulator's files; `stop` removes it. */
export interface LocalStack extends LocalAws {
  /** Runs a program inside the sandbox: in the router's network, or in a task's. */
  exec(argv: string[], options?: ExecOptions): Promise<ExecResult>;
  /** What really runs. `pid` is the container's main process as seen from outside. */
  tasks(): Promise<TaskProcess[]>;
  /**
   * From now on that share of the calls to a service gets the service's own throttling error, evenly spread, whoever
   * calls it; an empty list ends it. What the emulator and the fault plane themselves call is not touched.
   * @throws RangeError for a share that is not from 0 to 1
   */
  throttle(rules: ThrottleRule[]): Promise<void>;
  /**
   * Boots a managed host that runs the sample application. It ends with the stack; a stack that is resumed has none
   * until it is started again, with the same instance and address if they are asked for.
   * @throws where no guest can be had (see `hostUnavailable`), and with its console's end when it does not boot
   */
  startHost(spec: HostSpec): Promise<ManagedHostHandle>;
  /** Every managed host that was started, those that have ended too. */
  hosts(): Promise<ManagedHostHandle[]>;
  /** Resolves with the reason when the stack ends without `stop`. */
  died: Promise<string>;
  /** Stops the tasks by their stop signals, then everything, and removes the state folder. Idempotent. */
  stop(): Promise<void>;
}

export interface ManagedHostHandle extends HostView {
  /** Runs a script with bash as root on it, by its agent. */
  run(script: string): Promise<HostCommandResult>;
  /** Ends it at once, as a power cut does. */
  stop(): Promise<void>;
}

export type { ExecOptions, ExecResult, HostSpec, ImageConfig, TaskProcess, ThrottleRule };

const stopGraceMs = 3_000;
const defaultTimeoutMs = 30_000;

/**
 * Starts the local AWS: the emulator, the fault plane and the network in which tasks run, all in namespaces of their
 * own that end with this process.
 * @throws PortInUse, NotResumable, or an error whose message has the end of the log
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const progress = options.onProgress ?? (() => {});
  const port = options.port ?? portFromEnvironment();
  const stateRoot = options.stateRoot ?? join(repository, '.faultline', 'run');
  const folder = options.resume
    ? await takeOverStateFolder(resolve(options.resume))
    : createStateFolder(stateRoot, options.durable);
  removeStaleStateFolders(stateRoot);
  const config = makeConfig(options, folder);

  // What could not be resumed now may be resumed later.
  const undo = () => options.resume === undefined && folder.remove();
  const listener = await openPort(port, folder.socket).catch((error) => {
    undo();
    throw error;
  });
  const ready = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  const died = Promise.withResolvers<string>();
  let stopping: Promise<void> | undefined;
  let reason: string | undefined;
  progress('making the private network');
  const sandbox = spawnSandbox(config, (message) => {
    if (message.type === 'started') noteFirstProcess(sandbox, folder);
    else if (message.type === 'progress') progress(message.text);
    else if (message.type === 'ready') ready.resolve();
    else if (message.type === 'died') reason = message.reason;
    else if (message.type === 'stopped') stopped.resolve();
    else requests.answered(message);
  });
  const requests = new SandboxRequests(sandbox.send, died.promise);
  const ended = once(sandbox.child, 'exit').then(() => {
    listener.close();
    if (stopping === undefined) {
      died.resolve(reason ?? `the sandbox ended\n${endOf(join(config.stateDir, 'sandbox.log'))}`);
    }
  });

  const end = async (clear: () => void) => {
    await stopSandbox(sandbox, stopped.promise, ended);
    clear();
  };
  const stop = (clear: () => void = folder.remove) => {
    stopping ??= end(clear);
    return stopping;
  };

  try {
    await Promise.race([ready.promise, died.promise.then((why) => Promise.reject(new Error(why)))]);
  } catch (error) {
    await stop(undo);
    throw error;
  }

  const tasks = () => readTasks(sandbox, requests);
  const handleOf = (host: HostView) => hostHandle(host, requests);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    root: config.root,
    region: config.region,
    account: config.account,
    stateDir: config.stateDir,
    died: died.promise,
    stop: () => stop(),
    tasks,
    async startHost(spec) {
      return handleOf((await requests.ask({ type: 'start-host', spec })).host);
    },
    async hosts() {
      return (await requests.ask({ type: 'hosts' })).hosts.map(handleOf);
    },
    async throttle(rules) {
      checkRules(rules);
      await requests.ask({ type: 'throttle', rules });
    },
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

function hostHandle(host: HostView, requests: SandboxRequests): ManagedHostHandle {
  const { instanceId } = host;
  return {
    ...host,
    run: async (script) => (await requests.ask({ type: 'host-command', instanceId, script })).result,
    stop: async () => void (await requests.ask({ type: 'stop-host', instanceId })),
  };
}

function noteFirstProcess(sandbox: SandboxProcess, folder: StateFolder): void {
  try {
    folder.sandboxStarted(sandbox.init());
  } catch {
    // It has ended since it said so: nobody has to wait for its end.
  }
}

function networkOf(tasks: TaskProcess[], taskArn: string): string {
  const network = tasks.find((task) => task.taskArn === taskArn)?.networkNamespace;
  if (network === undefined || network === null) throw new Error(`the task ${taskArn} has no network now`);
  return `/run/netns/${network}`;
}

/** What runs by process 1's account, with the pids that its processes have out here. */
async function readTasks(sandbox: SandboxProcess, requests: SandboxRequests): Promise<TaskProcess[]> {
  const { tasks } = await requests.ask({ type: 'tasks' });
  const pids = outsidePids(sandbox.init());
  return tasks.map((task) => ({
    ...task,
    containers: task.containers.map(({ name, pid }) => ({ name, pid: pid === null ? null : (pids.get(pid) ?? null) })),
  }));
}

async function stopSandbox(sandbox: SandboxProcess, stopped: Promise<void>, ended: Promise<void>): Promise<void> {
  sandbox.send({ type: 'stop', graceMs: stopGraceMs });
  const limit = setTimeout(sandbox.kill, stopGraceMs + 1_000);
  await Promise.race([stopped, ended]);
  sandbox.kill();
  await ended;
  clearTimeout(limit);
}
