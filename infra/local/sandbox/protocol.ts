import type { HostCommandResult } from '../host/host-channel.ts';
import type { HostSpec } from '../host/host-spec.ts';
import type { HostView } from '../host/host-view.ts';

/** What the process outside and the one inside the sandbox tell each other, as JSON over Node's IPC channel. */

export interface ImageConfig {
  /** Program and first arguments; the container's `command` follows them. */
  entryPoint: string[];
  /** Arguments when the container definition gives no `command`. */
  command?: string[];
  environment?: Record<string, string>;
  /** Default SIGTERM, as for a container image without STOPSIGNAL. */
  stopSignal?: string;
  workingDirectory?: string;
  /** uid in the container, and gid. Default 0, which is the user who started the run and has no right beyond his. */
  user?: number;
}

export interface SandboxConfig {
  id: string;
  /** Whether the emulator's state outlives a SIGKILL. */
  durable: boolean;
  stateDir: string;
  socket: string;
  /** Persists between runs: for what is costly to make and the same every time. */
  cacheDir: string;
  repository: string;
  /** The virtual environment's Python, with MiniStack, Locust and Redis. */
  python: string;
  node: string;
  path: string;
  /** The unpacked packages of a managed host; null where none can be had. */
  guestStage: string | null;
  region: string;
  account: string;
  root: { accessKeyId: string; secretAccessKey: string };
  /** How many tasks may exist at once: beyond it RunTask answers with `failures`. */
  maxTasks: number;
  /** A folder whose Locust files the load generator's tasks get beside their own; null for none. */
  locustFolder: string | null;
  /** Images by repository name, beside those of infra/local/images. */
  images: Record<string, ImageConfig>;
}

/** The truth about one task's processes. */
export interface TaskProcess {
  taskArn: string;
  cluster: string;
  family: string;
  /** The service's name, or null for a task of RunTask. */
  service: string | null;
  lastStatus: string;
  address: string | null;
  /** Name of its network namespace inside the sandbox. */
  networkNamespace: string | null;
  /** Main processes; a pid is null before the start and after the end. */
  containers: { name: string; pid: number | null }[];
}

/** That share of the calls to a service, from 0 to 1, gets the service's own error for a call too many. */
export interface ThrottleRule {
  service: 'dynamodb' | 'ecs' | 'ssm';
  share: number;
}

export type ToSandbox =
  | { type: 'start'; config: SandboxConfig }
  | { type: 'tasks'; request: number }
  | { type: 'throttle'; request: number; rules: ThrottleRule[] }
  | { type: 'start-host'; request: number; spec: HostSpec }
  | { type: 'stop-host'; request: number; instanceId: string }
  | { type: 'hosts'; request: number }
  | { type: 'host-command'; request: number; instanceId: string; script: string }
  | { type: 'stop'; graceMs: number };

/** What has an answer of the same type. */
export type Question = Extract<ToSandbox, { request: number }>;

export type FromSandbox =
  | { type: 'started' }
  | { type: 'progress'; text: string }
  | { type: 'ready' }
  | { type: 'tasks'; request: number; tasks: TaskProcess[] }
  | { type: 'throttle'; request: number }
  | { type: 'start-host'; request: number; host: HostView }
  | { type: 'stop-host'; request: number }
  | { type: 'hosts'; request: number; hosts: HostView[] }
  | { type: 'host-command'; request: number; result: HostCommandResult }
  /** To any question, instead of its answer. */
  | { type: 'refused'; request: number; reason: string }
  | { type: 'died'; reason: string }
  | { type: 'stopped' };
