import { z } from 'zod';
import { processParameters } from '../hosts/host-status.ts';
import { defineHostFault, type HostView } from './host-fault.ts';

/** Start times are told by ticks since boot, whose zero is rounded. */
const sameStartSeconds = 2;

/**
 * Kills the application's main process once, with SIGKILL. Nothing is held, so that it is gone as soon as no command of
 * the run can arrive any more. The restart is the supervisor's: how long it takes, or that it never comes, is the
 * target's RTO.
 */
export const processKill = defineHostFault<Record<string, never>>({
  id: 'process-kill',
  document: 'Faultline-ProcessKill',
  parameters: z.strictObject({}),
  change: (_p, process) => `SIGKILL once to ${'name' in process ? process.name : process.unit}`,
  command: (_p, process) => processParameters(process),
  landed: (_p, before, now) => ({ proven: !isSame(before, now), detail: told(before, now) }),
  gone: (_p, before, now) => ({ proven: true, detail: `nothing is held: ${told(before, now)}` }),
});

function isSame({ status: { process: a } }: HostView, { status: { process: b } }: HostView): boolean {
  return a?.pid === b?.pid && Math.abs((a?.startedAt ?? 0) - (b?.startedAt ?? 0)) < sameStartSeconds;
}

const told = (before: HostView, now: HostView) => `${processText(before)} before, ${processText(now)} now`;

function processText({ status: { process } }: HostView): string {
  if (!process) return 'no process';
  return `PID ${process.pid}, started ${new Date(process.startedAt * 1000).toISOString()},`;
}
