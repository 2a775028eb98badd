import { existsSync, readFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { guestStage, unavailableNote } from './guest-stage.ts';

/** Why this machine cannot have a guest, whatever is fetched; null when nothing is known that keeps it from that. */
export function whyNever(): string | null {
  if (platform() !== 'linux' || arch() !== 'x64') {
    return `it needs Linux on x86-64, and this is ${platform()} on ${arch()}`;
  }
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb')) return 'it needs Debian or Ubuntu';
  return null;
}

/** Why no managed host can be had here, in one line; null when one can. */
export function hostUnavailable(folder?: string): string | null {
  const never = whyNever();
  if (never !== null) return never;
  if (guestStage(folder) !== null) return null;
  const note = unavailableNote(folder);
  if (existsSync(note)) return readFileSync(note, 'utf8').trim();
  return 'its files have not been fetched; run: npm run setup';
}
