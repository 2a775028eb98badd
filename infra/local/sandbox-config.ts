import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { apiPort, faultPlanePort } from './addresses.ts';
import { guestStage } from './host/guest-stage.ts';
import type { ImageConfig, SandboxConfig } from './sandbox/protocol.ts';
import { systemPath } from './sandbox-process.ts';
import type { StateFolder } from './state-folder.ts';

export const repository = resolve(import.meta.dirname, '..', '..');

export interface SandboxOptions {
  python: string;
  images?: Record<string, ImageConfig>;
  locustFolder?: string;
  maxTasks?: number;
}

/** All that the sandbox has to know. */
export function makeConfig(options: SandboxOptions, folder: StateFolder): SandboxConfig {
  const node = join(repository, 'node_modules', 'node', 'bin', 'node');
  const cacheDir = join(repository, '.faultline', 'cache');
  mkdirSync(cacheDir, { recursive: true });
  return {
    id: folder.id,
    durable: folder.durable,
    stateDir: folder.path,
    socket: folder.socket,
    cacheDir,
    repository,
    python: resolve(options.python),
    node,
    path: [dirname(node), dirname(resolve(options.python)), systemPath].join(':'),
    guestStage: guestStage(),
    region: 'us-east-1',
    account: '000000000000',
    root: folder.root,
    maxTasks: options.maxTasks ?? 64,
    images: options.images ?? {},
    locustFolder: options.locustFolder ?? null,
  };
}

/** The environment of programs that are run in the sandbox from outside. */
export function insideEnvironment(config: SandboxConfig): Record<string, string> {
  return {
    PATH: config.path,
    LANG: 'C.UTF-8',
    HOME: join(config.stateDir, 'home'),
    TMPDIR: join(config.stateDir, 'tmp'),
    AWS_REGION: config.region,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${apiPort}`,
    AWS_ENDPOINT_URL_ECS: `http://127.0.0.1:${faultPlanePort}`,
    AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${faultPlanePort}`,
    AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING: `http://127.0.0.1:${faultPlanePort}`,
  };
}
