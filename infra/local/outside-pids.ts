import { readdirSync, readFileSync } from 'node:fs';

interface ProcessIds {
  parent: number;
  /** From the namespace of this process inward. */
  inNamespaces: number[];
}

function readProcess(pid: string): ProcessIds | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return {
      parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]),
      inNamespaces: (/^NSpid:\s*(.*)$/m.exec(status)?.[1] ?? '').split(/\s+/).map(Number),
    };
  } catch {
    return undefined; // It ended while we looked.
  }
}

/** The pid here of every process below `init`, by its pid in the namespace whose process 1 `init` is. */
export function outsidePids(init: number): Map<number, number> {
  const processes = new Map<number, ProcessIds>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const found = readProcess(name);
    if (found !== undefined) processes.set(Number(name), found);
  }
  const isBelow = (pid: number): boolean => pid === init || (pid > 1 && isBelow(processes.get(pid)?.parent ?? 0));
  const pids = new Map<number, number>();
  for (const [pid, { inNamespaces }] of processes) {
    if (inNamespaces[1] !== undefined && isBelow(pid)) pids.set(inNamespaces[1], pid);
  }
  return pids;
}
