import { join } from 'node:path';
import type { ImageConfig } from '../../../infra/local/stack.ts';
import { commandLine, descendants, environmentOf } from '../../support/e2e-processes.ts';

const script = join(import.meta.dirname, 'load-stand-in.sh');

/** The images of a stack whose load generator puts next to no load on anything. */
export const loadStandIn: Record<string, ImageConfig> = { 'faultline/locust': { entryPoint: ['/bin/bash', script] } };

/** The stand-ins that run in this process' stacks, of all runs or of such ones. */
export function loadProcesses(isWanted: (runId?: string) => boolean = () => true): number[] {
  return descendants(process.pid)
    .map(({ pid }) => pid)
    .filter((pid) => commandLine(pid).includes(script) && isWanted(runOf(pid)));
}

const variable = 'FAULTLINE_RUN_ID=';

const runOf = (pid: number): string | undefined =>
  environmentOf(pid)
    .find((entry) => entry.startsWith(variable))
    ?.slice(variable.length);
