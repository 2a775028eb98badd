import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guestStage, stageFolder } from '../../../../infra/local/host/guest-stage.ts';
import { hostUnavailable } from '../../../../infra/local/host/unavailable.ts';
import { ensureManagedHost } from '../../../../infra/local/setup/managed-host.ts';
import { guestTest } from '../host/guest-test.ts';

const path = process.env.PATH;
let folder: string;
let told: string[];
const tell = (text: string) => void told.push(text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-setup-'));
  told = [];
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true, force: true });
});

/** From now on `apt-get` is this script. */
function withAptGet(script: string): void {
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  writeFileSync(join(programs, 'apt-get'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(programs, 'apt-get'), 0o755);
  process.env.PATH = `${programs}:${path}`;
}

// Elsewhere than on Debian and Ubuntu set-up says so and asks for nothing.
const aptTest = existsSync('/usr/bin/apt-get') && process.arch === 'x64' ? test : test.skip;

aptTest('where packages cannot be had, set-up goes on and says why in one line, as every run does later', async () => {
  withAptGet(
    "echo 'Err:1 http://deb.example stable InRelease'; echo 'E: Unable to locate package user-mode-linux' >&2; exit 100",
  );
  const place = join(folder, 'host');
  expect(hostUnavailable(place)).toContain('npm run setup');

  await ensureManagedHost(tell, undefined, place);
  expect(told.at(-1)).toBe(
    'no managed host on this machine: apt-get failed: E: Unable to locate package user-mode-linux',
  );
  expect(hostUnavailable(place)).toContain('E: Unable to locate package user-mode-linux');
  expect(guestStage(place)).toBeNull();
  expect(readdirSync(place)).toEqual(['unavailable']);

  // It may have been the network: the next one tries again.
  const before = told.length;
  await ensureManagedHost(tell, undefined, place);
  expect(told.length).toBe(before * 2);
});

aptTest('a set-up that is stopped stops', async () => {
  withAptGet('sleep 30');
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 200);
  await expect(ensureManagedHost(tell, stop.signal, join(folder, 'host'))).rejects.toThrow('apt-get');
});

test('what is half made counts as not made', () => {
  mkdirSync(stageFolder(folder), { recursive: true });
  expect(guestStage(folder)).toBeNull();
});

guestTest('what is there is left alone', async () => {
  withAptGet('exit 1');
  await ensureManagedHost(tell);
  expect(told).toEqual([]);
  expect(hostUnavailable()).toBeNull();
});
