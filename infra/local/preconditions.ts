import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';

/** One thing that keeps the local stack from starting, and the command that mends it. */
export interface Problem {
  problem: string;
  mend: string;
}

export interface PreconditionOptions {
  /** The virtual environment's Python; not looked at when left out. */
  python?: string;
}

const tools = [
  { name: 'ip', package: 'iproute2' },
  { name: 'unshare', package: 'util-linux' },
  { name: 'nsenter', package: 'util-linux' },
  { name: 'setpriv', package: 'util-linux' },
  { name: 'mount', package: 'mount' },
];

/** Every problem found, an empty list when the stack can start. A busy port is reported by `startLocalStack` itself. */
export async function checkPreconditions(options: PreconditionOptions = {}): Promise<Problem[]> {
  const problems: Problem[] = [];
  if (process.platform !== 'linux') {
    return [
      { problem: `the local stack needs Linux namespaces; this is ${process.platform}`, mend: 'run it on Linux' },
    ];
  }
  const missing = tools.filter(({ name }) => !onPath(name));
  for (const { name, package: owner } of missing) {
    problems.push({ problem: `the program "${name}" is missing`, mend: `${sudo()}apt-get install -y ${owner}` });
  }
  if (missing.length === 0) problems.push(...namespaceProblems());
  if (options.python !== undefined) problems.push(...pythonProblems(options.python));
  return problems;
}

const toolPath = `${process.env.PATH ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`;

function onPath(program: string): boolean {
  return toolPath.split(':').some((folder) => folder !== '' && existsSync(`${folder}/${program}`));
}

function sudo(): string {
  return process.getuid?.() === 0 ? '' : 'sudo ';
}

/** Tries what the stack does: a user, network and mount namespace, a cable in it and a mount. */
function namespaceProblems(): Problem[] {
  const namespaces = [
    '--user',
    '--map-root-user',
    '--net',
    '--mount',
    '--pid',
    '--ipc',
    '--uts',
    '--fork',
    '--mount-proc',
  ];
  const trial =
    'mount -t tmpfs none /run && ip link add probe0 type veth peer name probe1 && unshare -U --map-user=65534 true';
  const result = spawnSync('unshare', [...namespaces, '/bin/sh', '-c', trial], {
    encoding: 'utf8',
    env: { ...process.env, PATH: toolPath },
  });
  if (result.status === 0) return [];
  const said = (result.stderr || result.error?.message || '').trim().split('\n')[0] ?? '';
  return [{ problem: `namespaces may not be made here (${said})`, mend: namespaceMend() }];
}

function namespaceMend(): string {
  if (readSetting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1') {
    return `${sudo()}sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`;
  }
  if (readSetting('/proc/sys/kernel/unprivileged_userns_clone') === '0') {
    return `${sudo()}sysctl -w kernel.unprivileged_userns_clone=1`;
  }
  if (readSetting('/proc/sys/user/max_user_namespaces') === '0') {
    return `${sudo()}sysctl -w user.max_user_namespaces=10000`;
  }
  if (existsSync('/.dockerenv') || existsSync('/run/.containerenv')) {
    return 'start this container with --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined';
  }
  return `${sudo()}modprobe veth`;
}

function readSetting(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

function pythonProblems(python: string): Problem[] {
  try {
    accessSync(python, constants.X_OK);
  } catch {
    return [{ problem: `there is no Python environment at ${python}`, mend: 'npm run setup' }];
  }
  const result = spawnSync(python, ['-c', 'import ministack, locust'], { encoding: 'utf8' });
  if (result.status === 0) return [];
  const said = result.stderr.trim().split('\n').at(-1) ?? '';
  return [{ problem: `the Python environment at ${python} is incomplete (${said})`, mend: 'npm run setup' }];
}
