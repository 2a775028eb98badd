import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '..', '..', '..');
export const guestFolder = join(repository, '.faultline', 'host');

/**
 * What a guest needs beside the machine's own files. Its `mount` is not the machine's: to a guest of somebody who is not
 * root that is a program which becomes nobody.
 */
export const guestPackages = ['user-mode-linux', 'kmod', 'mount', 'iproute2', 'procps', 'stress-ng', 'python3'];
/** Makes the one part that has to be compiled. */
export const compilerPackage = 'tcc';
export const compiledSource = join(import.meta.dirname, 'wide-registers.c');

/** Where they are unpacked: another place for other packages and for another release of the system. */
export function stageFolder(folder = guestFolder): string {
  const key = createHash('sha256');
  for (const name of [...guestPackages, compilerPackage]) key.update(`${name}\n`);
  for (const file of [compiledSource, '/etc/os-release']) key.update(existsSync(file) ? readFileSync(file) : '');
  return join(folder, key.digest('hex').slice(0, 12));
}

/** Written last, so that what is half made is not taken for whole. */
export const stageMark = (stage: string) => join(stage, '.complete');
/** One line: why the last set-up could not make it. */
export const unavailableNote = (folder = guestFolder) => join(folder, 'unavailable');

/** The unpacked packages, or null when set-up has not made them. */
export function guestStage(folder = guestFolder): string | null {
  const stage = stageFolder(folder);
  return existsSync(stageMark(stage)) ? stage : null;
}
