import { spawn } from 'node:child_process';
import type { HealthCheck } from '@aws-sdk/client-ecs';
import type { ContainerRecord, Health } from './task-record.ts';

export interface HealthState {
  health: Health;
  failures: number;
}

export interface HealthTiming {
  intervalMs: number;
  timeoutMs: number;
  retries: number;
  startPeriodMs: number;
}

/** ECS' defaults: every 30 s, 5 s to answer, 3 failures in a row, no start period. */
export function healthTiming(check: HealthCheck): HealthTiming {
  return {
    intervalMs: (check.interval ?? 30) * 1000,
    timeoutMs: (check.timeout ?? 5) * 1000,
    retries: check.retries ?? 3,
    startPeriodMs: (check.startPeriod ?? 0) * 1000,
  };
}

/** One success makes it healthy; failures count only after the start period, and `retries` in a row make it unhealthy. */
export function nextHealth(state: HealthState, passed: boolean, inStartPeriod: boolean, retries: number): HealthState {
  if (passed) return { health: 'HEALTHY', failures: 0 };
  const failures = inStartPeriod ? 0 : state.failures + 1;
  return { health: failures >= retries ? 'UNHEALTHY' : state.health, failures };
}

/** Runs the container's health check until it stops. `onChange` is called when its health is another than before. */
export function watchHealth(
  container: ContainerRecord,
  networkNamespace: string,
  environment: Record<string, string>,
  onChange: () => void,
): void {
  const check = container.definition.healthCheck;
  const argv = check === undefined ? undefined : argvOf(check);
  if (check === undefined || argv === undefined) return;
  const timing = healthTiming(check);
  const startedAt = performance.now();
  let state: HealthState = { health: 'UNKNOWN', failures: 0 };
  const timer = setInterval(async () => {
    if (container.status !== 'RUNNING' || container.pid === null) return clearInterval(timer);
    const passed = await passes(container.pid, networkNamespace, argv, environment, timing.timeoutMs);
    state = nextHealth(state, passed, performance.now() - startedAt < timing.startPeriodMs, timing.retries);
    if (state.health === container.health) return;
    container.health = state.health;
    onChange();
  }, timing.intervalMs);
}

function argvOf(check: HealthCheck): string[] | undefined {
  const [kind, ...rest] = check.command ?? [];
  if (kind === 'CMD-SHELL') return ['/bin/sh', '-c', rest.join(' ')];
  if (kind === 'CMD') return rest;
  return kind === undefined || kind === 'NONE' ? undefined : ['/bin/sh', '-c', [kind, ...rest].join(' ')];
}

function passes(
  pid: number,
  networkNamespace: string,
  argv: string[],
  env: Record<string, string>,
  timeout: number,
): Promise<boolean> {
  const enter = ['-t', String(pid), '-m', '-p', '-i', '-u', `--net=/run/netns/${networkNamespace}`, '--'];
  return new Promise((resolve) => {
    const child = spawn('nsenter', [...enter, ...argv], { env, stdio: 'ignore', timeout, killSignal: 'SIGKILL' });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
