import { readFileSync } from 'node:fs';

/** A process, told from a later one with the same pid. */
export interface ProcessId {
  pid: number;
  /** Clock ticks since boot at which it started; empty for one that had ended when it was looked at. */
  startTime: string;
}

export function processId(pid: number): ProcessId {
  return { pid, startTime: statOf(pid)?.startTime ?? '' };
}

/** Whether it has not ended: of one that has, an entry may be left until its parent takes note. */
export function isRunning({ pid, startTime }: ProcessId): boolean {
  const now = statOf(pid);
  return now !== undefined && now.startTime === startTime && now.state !== 'Z';
}

/** Fields 3 and 22 of /proc/<pid>/stat, or undefined when there is no such process. */
function statOf(pid: number): { state: string; startTime: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0]!, startTime: fields[19]! };
  } catch {
    return undefined;
  }
}
