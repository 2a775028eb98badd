import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FromSandbox, SandboxConfig, ToSandbox } from './sandbox/protocol.ts';

const namespaces = ['--user', '--map-root-user', '--net', '--mount', '--pid', '--ipc', '--uts'];

/** Programs of the system that the stack needs lie outside an ordinary user's PATH on Debian. */
export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface SandboxProcess {
  child: ChildProcess;
  send(message: ToSandbox): void;
  /** The pid, as seen from outside, of process 1 of the sandbox. */
  init(): number;
  /** Ends everything in the sandbox. When `child` has exited after it, none of its processes is left. */
  kill(): void;
}

/**
 * Starts process 1 of a new sandbox. It dies with this process, however this one ends: `setpriv` has the kernel kill
 * `unshare` then, `unshare --kill-child` has it kill process 1, and with process 1 goes its whole pid namespace.
 * It is in a session of its own, so that a Ctrl-C in the terminal reaches this process only.
 */
export function spawnSandbox(config: SandboxConfig, onMessage: (message: FromSandbox) => void): SandboxProcess {
  const log = openSync(join(config.stateDir, 'sandbox.log'), 'a');
  const child = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', '--'],
      ...['unshare', ...namespaces, '--fork', '--kill-child=KILL', '--mount-proc', '--'],
      ...[config.node, join(import.meta.dirname, 'sandbox', 'main.ts')],
    ],
    {
      cwd: config.repository,
      env: { PATH: config.path, LANG: 'C.UTF-8', HOME: config.stateDir },
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    },
  );
  child.on('message', onMessage);
  child.once('spawn', () => child.send({ type: 'start', config } satisfies ToSandbox));
  return {
    child,
    send: (message) => void (child.connected && child.send(message)),
    init: () => onlyChildOf(child.pid!),
    kill: () => killFirstProcess(child),
  };
}

/**
 * `unshare` ends when process 1 has, and process 1 ends when all others in its namespace have. Killing `unshare`
 * itself would take them along as well, but would not wait for it.
 */
function killFirstProcess(child: ChildProcess): void {
  try {
    process.kill(onlyChildOf(child.pid!), 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // There is no process 1, not yet or no more.
  }
}

function onlyChildOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  if (!/^\d+$/.test(children)) throw new Error(`process ${pid} has not one child but "${children}"`);
  return Number(children);
}
