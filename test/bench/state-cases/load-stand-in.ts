import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageConfig } from '../../../infra/local/stack.ts';
import { commandLine, descendants } from '../../support/e2e-processes.ts';

const script = join(import.meta.dirname, 'load-stand-in.sh');

/** The images of a stack whose load generator puts next to no load on anything. */
export const loadStandIn: Record<string, ImageConfig> = { 'faultline/locust': { entryPoint: ['/bin/bash', script] } };

/** The stand-ins that run in this process' stack: of one run, or of all. */
export function loadProcesses(runId?: string): number[] {
  return descendants(process.pid)
    .map(({ pid }) => pid)
    .filter((pid) => commandLine(pid).includes(script) && (runId === undefined || isOf(pid, runId)));
}

function isOf(pid: number, runId: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`FAULTLINE_RUN_ID=${runId}`);
  } catch {
    return false; // It ended while we looked.
  }
}
