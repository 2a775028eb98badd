import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CommandFailed, runCommand } from './run-command.ts';

const host = resolve(import.meta.dirname, '..', 'host');
const namespaces = ['--user', '--map-root-user', '--net', '--mount', '--pid', '--ipc', '--uts'];
const withinSeconds = 60;

/**
 * Boots a guest as a run does, without a network, that loads its modules and ends.
 * @throws with what its console complains of when this machine cannot do that
 */
export async function tryGuest(stage: string, signal?: AbortSignal): Promise<void> {
  const trial = join(stage, 'trial');
  const [view, share, swap] = [join(trial, 'view'), join(trial, 'share'), join(trial, 'swap')];
  for (const folder of [view, share]) mkdirSync(folder, { recursive: true });
  writeFileSync(swap, '');
  const enter = ['/bin/sh', join(host, 'enter-host.sh'), view, stage, join(host, 'guest'), process.execPath];
  const kernel = ['uml_dir=/tmp', 'root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'ro', 'con=null'];
  const booted = runCommand(
    [
      ...['timeout', '--signal=KILL', String(withinSeconds)],
      ...['unshare', ...namespaces, '--fork', '--kill-child=KILL', '--mount-proc', '--'],
      ...[...enter, share, share, share, swap, '256', ...kernel, 'con0=null,fd:1', 'init=/guest/trial.sh', 'panic=-1'],
    ],
    { signal, env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' } },
  );
  const console = await booted.catch((error) => {
    if (error instanceof CommandFailed && !signal?.aborted) return error.output;
    throw error;
  });
  rmSync(trial, { recursive: true });
  if (!console.includes('the guest works')) throw new Error(`a guest does not boot: ${complaintOf(console)}`);
}

/** A console ends with a trace when the kernel panics; what comes before says more. */
function complaintOf(console: string): string {
  const lines = console.trim().split('\n');
  return lines
    .slice(0, lines.findIndex((line) => line.includes('Kernel panic')) + 1 || undefined)
    .slice(-2)
    .join(' ');
}
