import { cpSync, existsSync, globSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { compiledSource, compilerPackage, guestPackages } from '../host/guest-stage.ts';
import { runCommand } from './run-command.ts';

/** Kernel modules are for the guest, which looks for them where every system does. */
const modules = { packaged: 'usr/lib/uml/modules', expected: 'usr/lib/modules' };

/**
 * Unpacks the guest's packages into `stage`, with those that they depend on and that this machine lacks. apt-get keeps
 * its lists and archives in there as well, so it changes nothing on the machine and needs no root.
 * @throws CommandFailed
 */
export async function unpackGuestPackages(stage: string, signal?: AbortSignal): Promise<void> {
  const apt = join(stage, 'apt');
  const unpacked = join(apt, 'unpacked');
  for (const folder of ['lists/partial', 'archives/partial', 'unpacked']) {
    mkdirSync(join(apt, folder), { recursive: true });
  }
  const own = [`Dir::State::lists=${join(apt, 'lists')}`, `Dir::Cache=${apt}`, 'Debug::NoLocking=1'];
  const settings = [...own, 'APT::Sandbox::User=root', 'Acquire::Retries=1', 'Acquire::http::Timeout=20'].flatMap(
    (setting) => ['-o', setting],
  );
  const run = (...argv: string[]) => runCommand(argv, { signal, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  await run('apt-get', '-q', ...settings, 'update');
  const only = ['--download-only', '--reinstall', '--no-install-recommends', '-q', '-y'];
  await run('apt-get', ...settings, 'install', ...only, ...guestPackages, compilerPackage);
  for (const archive of globSync(join(apt, 'archives', '*.deb'))) await run('dpkg-deb', '-x', archive, unpacked);
  await run(
    ...[join(unpacked, 'usr/bin/tcc'), `-B${globSync(join(unpacked, 'usr/lib/*/tcc'))[0]}`],
    ...['-shared', '-nostdlib', '-o', join(stage, 'wide-registers.so'), compiledSource],
  );
  arrange(unpacked, stage);
  rmSync(apt, { recursive: true });
}

/** As on a machine: a system's own /bin, /sbin and /lib are links into /usr, which a folder of that name would hide. */
function arrange(unpacked: string, stage: string): void {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    const folder = join(unpacked, name);
    if (!existsSync(folder) || !lstatSync(`/${name}`).isSymbolicLink()) continue;
    cpSync(folder, join(unpacked, 'usr', name), { recursive: true, verbatimSymlinks: true });
    rmSync(folder, { recursive: true });
  }
  rmSync(join(unpacked, 'usr/share'), { recursive: true, force: true });
  mkdirSync(join(unpacked, modules.expected), { recursive: true });
  for (const release of globSync('*', { cwd: join(unpacked, modules.packaged) })) {
    renameSync(join(unpacked, modules.packaged, release), join(unpacked, modules.expected, release));
  }
  // Packaged as absolute links, and needed before the guest's root is made.
  for (const name of ['insmod', 'modprobe']) {
    const link = join(unpacked, 'usr/sbin', name);
    rmSync(link, { force: true });
    symlinkSync('../bin/kmod', link);
  }
  cpSync(unpacked, stage, { recursive: true, verbatimSymlinks: true });
}
