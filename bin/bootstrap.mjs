#!/usr/bin/env node
// Runs before anything is installed, so: plain JavaScript, Node 20, no packages.
// Installs the node packages when they are missing or out of date, then runs a TypeScript entry with the pinned Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, '.faultline', 'packages.stamp');
const pinnedNode = join(root, 'node_modules', 'node', 'bin', 'node');

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

function installPackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(pinnedNode) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write('set-up: node packages (npm install), about a minute\n');
  // Not `npm ci`: it refuses a lock file made where the registry lacks optional packages of other platforms.
  // All of them are for development (the published package is one file), so also where NODE_ENV is production.
  const quietly = ['--no-save', '--no-audit', '--no-fund', '--loglevel', 'error'];
  const npm = spawnSync('npm', ['install', '--include=dev', ...quietly], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (npm.error) fail(`npm could not be started (${npm.error.message}); install npm and try again`);
  if (npm.status !== 0) fail('npm install failed; its own lines above say why. Mend that and try again');
  if (!existsSync(pinnedNode)) fail('the pinned Node is missing after npm install; run: npm rebuild node');
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) fail(`Node ${process.versions.node} is too old to begin with; Node 20 or later is needed`);
const [entry, ...args] = process.argv.slice(2);
if (!entry) fail('usage: node bin/bootstrap.mjs <entry.ts> [arguments]');
installPackages();

const env = {
  ...process.env,
  PATH: `${dirname(pinnedNode)}:${join(root, 'node_modules', '.bin')}:${process.env.PATH}`,
};
const child = spawn(pinnedNode, [join(root, entry), ...args], { stdio: 'inherit', env });
// A terminal's Ctrl-C reaches the child as well, and the child decides; a signal from elsewhere is passed on.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(`the pinned Node could not be started: ${error.message}`));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
