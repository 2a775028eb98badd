import { spawnSync } from 'node:child_process';
import type { Server } from 'node:net';
import { startRelay } from './relay.ts';

export class PortInUse extends Error {}

/**
 * Listens on 127.0.0.1:`port` and passes every connection to the sandbox.
 * @throws PortInUse, in one line, with who holds the port where that can be seen
 */
export async function openPort(port: number, socket: string): Promise<Server> {
  try {
    return await startRelay({ host: '127.0.0.1', port }, { path: socket });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const holder = holderOf(port);
    const by = holder === undefined ? '' : ` by ${holder.name} (pid ${holder.pid})`;
    const mend = holder === undefined ? '' : `end it (kill ${holder.pid}) or `;
    throw new PortInUse(`port ${port} is in use${by}: ${mend}choose another one with FAULTLINE_PORT=<port>`);
  }
}

function holderOf(port: number): { name: string; pid: string } | undefined {
  const result = spawnSync('ss', ['-Hltnp', `sport = :${port}`], { encoding: 'utf8' });
  const match = /users:\(\("([^"]*)",pid=(\d+)/.exec(result.stdout ?? '');
  return match === null ? undefined : { name: match[1]!, pid: match[2]! };
}
