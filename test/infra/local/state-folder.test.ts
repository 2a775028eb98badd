import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStateFolder, removeStaleStateFolders } from '../../../infra/local/state-folder.ts';

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
