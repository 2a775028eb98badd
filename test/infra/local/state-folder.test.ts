import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning, processId } from '../../../infra/local/process-id.ts';
import {
  createStateFolder,
  emulatorFolder,
  removeStaleStateFolders,
  takeOverStateFolder,
} from '../../../infra/local/state-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'faultline-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("a running owner's folder stays", () => {
  const folder = createStateFolder(root);
  expect(removeStaleStateFolders(root)).toEqual([]);
  expect(existsSync(folder.path)).toBe(true);
});

test('the folder of an owner that has ended goes, even if its pid has been given again', () => {
  const dead = createStateFolder(root);
  const reused = createStateFolder(root);
  const owner = JSON.parse(readFileSync(join(reused.path, 'owner.json'), 'utf8'));
  writeFileSync(join(reused.path, 'owner.json'), JSON.stringify({ ...owner, startTime: '1' }));
  const { pid } = spawnSync('true');
  writeFileSync(join(dead.path, 'owner.json'), JSON.stringify({ ...owner, pid }));
  expect(removeStaleStateFolders(root).toSorted()).toEqual([dead.path, reused.path].toSorted());
});

test("a folder without an owner is somebody else's", () => {
  mkdirSync(join(root, 'notes'));
  expect(removeStaleStateFolders(root)).toEqual([]);
});

test('a path too long for a Unix socket moves the socket', () => {
  const folder = createStateFolder(join(root, 'a'.repeat(90)));
  expect(Buffer.byteLength(folder.socket)).toBeLessThan(108);
});

/** What owner.json says, changed: as if another process had written it. */
function changeOwner(path: string, changes: object): void {
  const file = join(path, 'owner.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...changes }));
}

const startTimeOf = (pid: number | 'self') => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19];
const deadOwner = () => ({ pid: spawnSync('true').pid, startTime: '1' });

describe('the folder of a durable stack', () => {
  test('is taken over from an owner that has ended, with its key, its socket and its durability', async () => {
    const first = createStateFolder(root, true);
    changeOwner(first.path, deadOwner());
    writeFileSync(first.socket, '');
    const second = await takeOverStateFolder(first.path);
    for (const name of ['id', 'path', 'socket', 'root', 'durable'] as const) expect(second[name]).toEqual(first[name]);
    expect(existsSync(first.socket)).toBe(false);
    expect(removeStaleStateFolders(root)).toEqual([]);
  });

  test('is no longer removed by whom it was taken from', async () => {
    const first = createStateFolder(root, true);
    const second = await takeOverStateFolder(first.path);
    first.remove();
    expect(existsSync(first.path)).toBe(true);
    second.remove();
    expect(existsSync(first.path)).toBe(false);
  });

  test('stays with an owner that lives: with another one at all, with this process while its sandbox runs', async () => {
    const { path, sandboxStarted } = createStateFolder(root, true);
    sandboxStarted(process.ppid);
    await expect(takeOverStateFolder(path)).rejects.toThrow(
      `process ${process.pid}, which started it, has not ended it`,
    );
    changeOwner(path, { pid: process.ppid, startTime: startTimeOf(process.ppid), sandbox: null });
    await expect(takeOverStateFolder(path)).rejects.toThrow(/^the stack of .* cannot be resumed: process \d+, .*$/);
  });

  test('is taken over only when the sandbox has ended, which it does a moment after its owner', async () => {
    const { path, sandboxStarted } = createStateFolder(root, true);
    const sandbox = spawn('sleep', ['0.5']);
    sandboxStarted(sandbox.pid!);
    changeOwner(path, deadOwner());
    await takeOverStateFolder(path);
    expect(existsSync(`/proc/${sandbox.pid}`) && isRunning(processId(sandbox.pid!))).toBe(false);
  });

  test('is kept for an hour after its last change when its owner was killed', () => {
    const { path } = createStateFolder(root, true);
    changeOwner(path, deadOwner());
    mkdirSync(join(path, emulatorFolder));
    const now = Date.now();
    expect(removeStaleStateFolders(root, now + 3_590_000)).toEqual([]);
    expect(removeStaleStateFolders(root, now + 3_610_000)).toEqual([path]);
  });
});

test('what is no durable stack is not taken over', async () => {
  await expect(takeOverStateFolder(root)).rejects.toThrow(/it is no state folder$/);
  const { path } = createStateFolder(root);
  changeOwner(path, deadOwner());
  await expect(takeOverStateFolder(path)).rejects.toThrow(/it was not started as durable$/);
});
