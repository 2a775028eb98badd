import { existsSync } from 'node:fs';
import { runCommand } from './run-command.ts';
import { SetupFailed } from './setup-failed.ts';

interface SystemPackage {
  name: string;
  why: string;
  present(): Promise<boolean>;
}

const folders = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`.split(':').filter(Boolean);
const onPath = (program: string) => folders.some((folder) => existsSync(`${folder}/${program}`));

const succeeds = (argv: string[]) =>
  runCommand(argv).then(
    () => true,
    () => false,
  );

/** The interpreter from which the Python environment is made: the first of these that is new enough. */
export async function basePython(): Promise<string | null> {
  for (const name of ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11']) {
    if (await succeeds([name, '-c', 'import sys; sys.exit(sys.version_info < (3, 11))'])) return name;
  }
  return null;
}

const packages: SystemPackage[] = [
  { name: 'python3', why: 'Python 3.11 or later', present: async () => (await basePython()) !== null },
  {
    name: 'python3-venv',
    why: 'Python environments',
    present: async () => succeeds([(await basePython()) ?? 'python3', '-c', 'import ensurepip, venv']),
  },
  { name: 'iproute2', why: 'the program ip', present: async () => onPath('ip') },
  {
    name: 'util-linux',
    why: 'unshare, nsenter and setpriv',
    present: async () => ['unshare', 'nsenter', 'setpriv'].every(onPath),
  },
  { name: 'mount', why: 'the program mount', present: async () => onPath('mount') },
];

/**
 * Installs the missing Debian or Ubuntu packages when this is root, else says which command installs them.
 * @throws SetupFailed
 */
export async function ensureSystemPackages(progress: (text: string) => void, signal?: AbortSignal): Promise<void> {
  const missing: SystemPackage[] = [];
  for (const p of packages) if (!(await p.present())) missing.push(p);
  if (missing.length === 0) return;
  const names = missing.map((p) => p.name);
  const why = `missing: ${missing.map((p) => p.why).join(', ')}`;
  if (!onPath('apt-get')) throw new SetupFailed([`${why}; install them with this system's package manager`]);
  const install = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (process.getuid?.() !== 0) throw new SetupFailed([`${why}; mend it with: sudo apt-get update && sudo ${install}`]);
  progress(`${names.join(', ')} (apt-get)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runCommand(['apt-get', 'update', '-q'], { env, signal });
  // This one is not ended half-way: it would leave the system's packages unconfigured.
  await runCommand(install.split(' '), { env });
}
