import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiPort, faultPlanePort } from '../addresses.ts';
import { emulatorFolder } from '../state-folder.ts';
import type { SandboxConfig } from './protocol.ts';

const readyWithinMs = 60_000;
const program = (durable: boolean) =>
  join(import.meta.dirname, durable ? 'durable_ministack.py' : 'authorizing_ministack.py');

/** MiniStack's environment. Its Lambda workers inherit all of it, which is how they find the fault plane. */
export function ministackEnvironment(config: SandboxConfig): Record<string, string> {
  return {
    PATH: config.path,
    LANG: 'C.UTF-8',
    HOME: join(config.stateDir, 'home'),
    TMPDIR: join(config.stateDir, 'tmp'),
    STATE_DIR: join(config.stateDir, emulatorFolder),
    S3_DATA_DIR: join(config.stateDir, 's3'),
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(apiPort),
    MINISTACK_HOST: '127.0.0.1',
    MINISTACK_REGION: config.region,
    MINISTACK_ACCOUNT_ID: config.account,
    AUTH: 'true',
    LAMBDA_EXECUTOR: 'local',
    // A Docker daemon on this machine must not be found: tasks are the fault plane's, as processes.
    DOCKER_HOST: `unix://${join(config.stateDir, 'no-docker.sock')}`,
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    AWS_ACCESS_KEY_ID: config.root.accessKeyId,
    AWS_SECRET_ACCESS_KEY: config.root.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${apiPort}`,
    AWS_ENDPOINT_URL_ECS: `http://127.0.0.1:${faultPlanePort}`,
    AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${faultPlanePort}`,
    // Not for other answers: for being throttled on demand, as all others' calls can be.
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${faultPlanePort}`,
    AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING: `http://127.0.0.1:${faultPlanePort}`,
    PYTHONDONTWRITEBYTECODE: '1',
    ...(config.durable && durability),
  };
}

const durability = {
  PERSIST_STATE: '1',
  S3_PERSIST: '1',
  // A restored service gets its tasks at once.
  ECS_RESTORE_RECONCILE_DELAY_SECONDS: '0',
};

/** Starts MiniStack and waits until it answers. @throws with the end of its log when it does not */
export async function startMinistack(config: SandboxConfig): Promise<ChildProcess> {
  for (const folder of ['home', 'tmp', emulatorFolder, 's3'])
    mkdirSync(join(config.stateDir, folder), { recursive: true });
  const logFile = join(config.stateDir, 'ministack.log');
  const log = openSync(logFile, 'a');
  const child = spawn(config.python, [program(config.durable)], {
    cwd: config.stateDir,
    env: ministackEnvironment(config),
    stdio: ['ignore', log, log],
  });
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  const deadline = Date.now() + readyWithinMs;
  while (!(await answers())) {
    if (failure === undefined && child.exitCode !== null) failure = `it ended with exit code ${child.exitCode}`;
    if (failure === undefined && Date.now() > deadline) failure = `it did not answer within ${readyWithinMs / 1000} s`;
    if (failure !== undefined) throw new Error(`MiniStack did not start: ${failure}\n${endOf(logFile)}`);
    await sleep(50);
  }
  return child;
}

async function answers(): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${apiPort}/_ministack/health`, {
      signal: AbortSignal.timeout(2_000),
    });
    return response.ok;
  } catch {
    return false;
  }
}

export function endOf(logFile: string, lines = 15): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
