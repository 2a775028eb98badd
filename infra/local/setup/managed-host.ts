import { existsSync, globSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inOneLine } from '../../../lambdas/aws/one-line.ts';
import { guestFolder, guestStage, stageFolder, stageMark, unavailableNote } from '../host/guest-stage.ts';
import { whyNever } from '../host/unavailable.ts';
import { unpackGuestPackages } from './guest-packages.ts';
import { CommandFailed } from './run-command.ts';
import { tryGuest } from './try-guest.ts';

const keptMs = 24 * 3_600_000;

/**
 * Makes what a managed host needs, installing nothing, or leaves it alone when it is there. Where it cannot be had
 * set-up goes on: the scenarios that need no host can be run.
 */
export async function ensureManagedHost(
  progress: (text: string) => void,
  signal?: AbortSignal,
  folder = guestFolder,
): Promise<void> {
  if (guestStage(folder) !== null) return;
  const never = whyNever();
  if (never !== null) return progress(`no managed host on this machine: ${never}`);
  const stage = stageFolder(folder);
  const made = `${stage}.${process.pid}`;
  try {
    mkdirSync(made, { recursive: true });
    progress('managed host: its packages (apt-get, 60 MB; unpacked, not installed)');
    await unpackGuestPackages(made, signal);
    progress('managed host: a first boot');
    await tryGuest(made, signal);
    writeFileSync(stageMark(made), '');
    putInPlace(made, stage);
  } catch (error) {
    if (signal?.aborted) throw error;
    const why = reasonOf(error as Error);
    writeFileSync(unavailableNote(folder), `${why}\n`);
    progress(`no managed host on this machine: ${why}`);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** Another set-up may have made it in the meantime; one for other packages may be what a run is using just now. */
function putInPlace(made: string, stage: string): void {
  if (!existsSync(stage)) renameSync(made, stage);
  for (const path of globSync(join(dirname(stage), '*'))) {
    if (path !== stage && Date.now() - statSync(path).mtimeMs > keptMs) rmSync(path, { recursive: true, force: true });
  }
}

/** A command's own last words, else the error's. */
function reasonOf(error: Error): string {
  if (!(error instanceof CommandFailed)) return inOneLine(error.message);
  const said = error.output.trim().split('\n');
  return inOneLine(`${error.program} failed: ${said.findLast((line) => line.startsWith('E: ')) ?? said.at(-1)}`);
}
