import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageConfig } from '../../../infra/local/stack.ts';
import { commandLine, descendants } from '../../support/e2e-processes.ts';

const script = join(import.meta.dirname, 'load-stand-in.sh');

/** The images of a stack whose load generator puts next to no load on anything. */
export const loadStandIn: Record<string, ImageConfig> = { 'faultline/locust': { entryPoint: ['/bin/bash', script] } };

/** The stand-ins that run in this process' stacks for such runs. */
export function loadProcesses(isWanted: (runId: string) => boolean = () => true): number[] {
  return descendants(process.pid)
    .map(({ pid }) => pid)
    .filter((pid) => commandLine(pid).includes(script) && runsOf(pid).some(isWanted));
}

/** The run that it belongs to; none when it ended while we looked. */
function runsOf(pid: number): string[] {
  try {
    return [...readFileSync(`/proc/${pid}/environ`, 'utf8').matchAll(/(?:^|\0)FAULTLINE_RUN_ID=([^\0]*)/g)].map(
      ([, id]) => id!,
    );
  } catch {
    return [];
  }
}
