import { join } from 'node:path';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { AddressPool } from '../address-pool.ts';
import type { Image } from '../images/image.ts';
import { findImage } from '../images/registry.ts';
import type { SandboxConfig } from '../sandbox/protocol.ts';
import { commandOf, containerEnvironment } from './container-environment.ts';
import { watchHealth } from './container-health.ts';
import { openLogStream } from './container-logs.ts';
import { type ContainerProcess, startContainer } from './container-process.ts';
import { resolveSecrets, type SecretClients } from './container-secrets.ts';
import type { TaskMetadata } from './task-metadata.ts';
import { createTaskNetwork, removeTaskNetwork } from './task-network.ts';
import type { ContainerRecord, StopRequest, TaskRecord } from './task-record.ts';
import { folderBehind, makeFolder } from './volumes.ts';

export interface TaskRunnerDeps {
  config: SandboxConfig;
  metadata: TaskMetadata;
  logs: CloudWatchLogsClient;
  secrets: SecretClients;
  addresses: AddressPool;
  /** Epoch milliseconds. */
  now: () => number;
  /** Called after every change of a task's state. */
  onChange: (task: TaskRecord) => void;
}

const defaultStopTimeoutSeconds = 30;

/** Makes tasks real and ends them; the only place that starts and signals their processes. */
export class TaskRunner {
  private readonly deps: TaskRunnerDeps;
  private readonly processes = new Map<ContainerRecord, ContainerProcess>();
  private readonly starting = new Map<TaskRecord, Promise<void>>();
  private readonly stopping = new Map<TaskRecord, Promise<void>>();
  private networks = 0;

  constructor(deps: TaskRunnerDeps) {
    this.deps = deps;
  }

  /** Starts a waiting task; a failure stops it with ECS' words for it. Never rejects. */
  start(task: TaskRecord): Promise<void> {
    const started = this.bringUp(task).catch((error: Error) => {
      void this.stop(task, { code: 'TaskFailedToStart', reason: error.message });
    });
    this.starting.set(task, started);
    return started;
  }

  /**
   * Stops a task: each container's stop signal, SIGKILL after its stopTimeout or `limitSeconds`, then its network.
   * The first request is the one that is kept. Resolves when the task is STOPPED.
   */
  stop(task: TaskRecord, request: StopRequest, limitSeconds = Number.POSITIVE_INFINITY): Promise<void> {
    const running = this.stopping.get(task);
    if (running !== undefined) return running;
    task.stop = request;
    task.stoppingAt = this.seconds();
    const stopped = this.bringDown(task, limitSeconds);
    this.stopping.set(task, stopped);
    this.deps.onChange(task);
    return stopped;
  }

  private async bringUp(task: TaskRecord): Promise<void> {
    task.status = 'PENDING';
    task.pullStartedAt = this.seconds();
    this.deps.onChange(task);
    const images = task.containers.map((container) => this.imageOf(container));
    task.network = await this.attach();
    task.status = 'ACTIVATING';
    for (const [index, container] of task.containers.entries()) {
      if (task.stop !== null) return;
      await this.startContainer(task, container, images[index]!);
    }
    if (task.stop !== null) return;
    task.status = 'RUNNING';
    task.startedAt = this.seconds();
    this.deps.onChange(task);
  }

  private imageOf(container: ContainerRecord): Image {
    const reference = container.definition.image ?? '';
    const image = findImage(reference, this.deps.config.images);
    if (image !== undefined) return image;
    container.reason = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${reference}: not found`;
    throw new Error(container.reason);
  }

  private async attach() {
    this.networks++;
    return createTaskNetwork(`task${this.networks}`, this.takeAddress());
  }

  private takeAddress(): string {
    try {
      return this.deps.addresses.take();
    } catch (error) {
      throw new Error(`ResourceInitializationError: ${(error as Error).message}`);
    }
  }

  private async startContainer(task: TaskRecord, container: ContainerRecord, image: Image): Promise<void> {
    const { config, metadata, logs, secrets, now } = this.deps;
    const network = task.network!;
    const root = makeFolder(join(config.stateDir, 'tasks', task.id, encodeURIComponent(container.name)));
    const roots = { volumes: join(config.stateDir, 'volumes'), disk: join(root, 'disk') };
    const folder = (path: string) => makeFolder(folderBehind(task, container, path, roots));
    const hostname = `ip-${network.address.replaceAll('.', '-')}`;
    const [resolved, stream] = await Promise.all([
      resolveSecrets(container, secrets),
      openLogStream(logs, task, container, now),
    ]).catch((error: Error) => {
      throw new Error(`ResourceInitializationError: ${error.message}`);
    });
    const environment = containerEnvironment(task, container, {
      region: config.region,
      path: config.path,
      home: folder('/root'),
      hostname,
      token: metadata.register(task, container.name),
      secrets: resolved,
    });
    const launch = image.launch({ ...config, command: commandOf(task, container), environment, folder });
    const entryPoint = container.definition.entryPoint;
    const argv = entryPoint?.length ? [...entryPoint, ...(commandOf(task, container) ?? [])] : launch.argv;
    const process = await startContainer({
      networkNamespace: network.namespace,
      hostname,
      user: image.user,
      argv,
      environment: launch.environment,
      workingDirectory: launch.workingDirectory,
      temporary: makeFolder(join(root, 'tmp')),
      keep: [
        config.repository,
        config.stateDir,
        config.cacheDir,
        ...pythonFolders(config.python),
        ...(launch.keep ?? []),
      ],
      logFile: join(root, 'output.log'),
      onLine: stream?.write,
    }).catch((error: Error) => {
      container.reason = `CannotStartContainerError: ${error.message}`;
      throw new Error(container.reason);
    });
    container.status = 'RUNNING';
    container.pid = process.pid;
    this.processes.set(container, process);
    watchHealth(container, network.namespace, launch.environment, () => this.healthChanged(task));
    void process.exit.then((code) => {
      void stream?.close();
      this.containerEnded(task, container, code);
    });
  }

  private containerEnded(task: TaskRecord, container: ContainerRecord, code: number): void {
    container.status = 'STOPPED';
    container.pid = null;
    container.exitCode = code;
    this.processes.delete(container);
    const over = container.essential || task.containers.every(({ status }) => status === 'STOPPED');
    if (over) void this.stop(task, { code: 'EssentialContainerExited', reason: 'Essential container in task exited' });
    this.deps.onChange(task);
  }

  private healthChanged(task: TaskRecord): void {
    const failed = task.containers.some(({ essential, health }) => essential && health === 'UNHEALTHY');
    if (failed && task.service !== null) {
      void this.stop(task, { code: 'ServiceSchedulerInitiated', reason: 'Task failed container health checks' });
    }
    this.deps.onChange(task);
  }

  private async bringDown(task: TaskRecord, limitSeconds: number): Promise<void> {
    await this.starting.get(task);
    if (task.network !== null) {
      task.status = 'DEACTIVATING';
      this.deps.onChange(task);
      task.status = 'STOPPING';
      await Promise.all(task.containers.map((container) => this.endContainer(container, limitSeconds)));
      task.executionStoppedAt = this.seconds();
      task.status = 'DEPROVISIONING';
      await removeTaskNetwork(task.network);
      this.deps.addresses.release(task.network.address);
    }
    for (const container of task.containers) container.status = 'STOPPED';
    this.deps.metadata.unregister(task);
    task.status = 'STOPPED';
    task.stoppedAt = this.seconds();
    this.deps.onChange(task);
  }

  private async endContainer(container: ContainerRecord, limitSeconds: number): Promise<void> {
    const process = this.processes.get(container);
    if (process === undefined) return;
    const image = findImage(container.definition.image ?? '', this.deps.config.images);
    const seconds = Math.min(container.definition.stopTimeout ?? defaultStopTimeoutSeconds, limitSeconds);
    process.signal(image?.stopSignal ?? 'SIGTERM');
    const limit = setTimeout(() => process.signal('SIGKILL'), seconds * 1000);
    await process.exit;
    clearTimeout(limit);
  }

  private seconds(): number {
    return this.deps.now() / 1000;
  }
}

/** A virtual environment's own folder. */
function pythonFolders(python: string): string[] {
  return [join(python, '..', '..')];
}
