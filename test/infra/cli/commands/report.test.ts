import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { resilientDatabase } from '../../../lambdas/analysis/support/stories.ts';
import { tell } from '../../../lambdas/analysis/support/story.ts';
import { gameDayBundle } from '../../../lambdas/support/game-day-bundle.ts';
import { runCommand } from '../support/run-command.ts';

const repository = resolve(__dirname, '..', '..', '..', '..');
const { files: bundle, run, made, reports, evidence } = gameDayBundle('gd-1', tell(resilientDatabase).evidence);
const { runId } = evidence.run;

let root: string;
let folder: string;
let out: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'faultline-bundle-'));
  folder = join(root, 'gd-1');
  out = join(root, 'out');
  for (const [path, b] of bundle) write(path, b);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const report = (...argv: string[]) => runCommand(['report', ...argv]);

const rebuiltFile = (name: string, of = 'gd-1') => readFileSync(join(out, 'rebuilt', of, name));
const inRun = (name: string) => `runs/${runId}/${name}`;

describe('verify', () => {
  test('finds nothing in a bundle that is as it was, also where a link leads to it', async () => {
    symlinkSync('gd-1', join(root, 'latest'));
    const { status, stdout, stderr } = await report('verify', join(root, 'latest'));
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`gd-1: ${bundle.size} files, all as they were written; SHA-256 of its manifest `);
    expect((await report('verify', join(folder, 'runs', runId))).status).toBe(0);
  });

  test('says what was altered, is missing and was added', async () => {
    write(inRun('windows/00000.jsonl'), 'x');
    write('more.txt', 'x');
    rmSync(join(folder, 'report.md'));
    const { status, stdout } = await report('verify', folder);
    expect(status).toBe(1);
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      'added    more.txt',
      'missing  report.md',
      `altered  ${inRun('windows/00000.jsonl')}`,
    ]);
    const told = await report('verify', folder, '--json');
    expect(told.status).toBe(1);
    expect(JSON.parse(told.stdout)).toMatchObject({
      sound: false,
      problems: [
        { path: 'more.txt', problem: 'added' },
        { path: 'report.md', problem: 'missing' },
        { path: inRun('windows/00000.jsonl'), problem: 'altered' },
      ],
    });
  });

  test.each([
    ['nothing', () => 'nope', 'There is no such folder'],
    ['a file', () => join(folder, 'report.md'), 'It is a file'],
    ['an empty folder', () => mkdtempSync(join(root, 'empty-')), 'It is empty'],
  ])('%s is wrong usage in one line', async (_what, path, why) => {
    const { status, stdout, stderr } = await report('verify', path());
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^error: [^\n]*${why}[^\n]*\n$`));
  });

  test('what is no file is no part of any bundle', async () => {
    symlinkSync('/dev/null', join(folder, 'link'));
    expect(await report('verify', folder)).toMatchObject({
      status: 3,
      stderr: 'error: link is neither a file nor a folder, and no bundle has such\n',
    });
  });
});

describe('rebuild', () => {
  test('makes the same report, to the byte', async () => {
    const { status, stdout, stderr } = await report('rebuild', folder, '--out', out);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.match(/the same as in the bundle/g)).toHaveLength(reports.length);
    expect(stdout).toContain('analysed by version 1.2.3; this is 9.9.9');
    for (const [name, expected] of reports) expect(rebuiltFile(name).equals(expected)).toBe(true);
  });

  test("makes a run's result, to the byte", async () => {
    const { status, stdout } = await report('rebuild', join(folder, 'runs', runId), '-o', out, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ files: made.map((name) => ({ name, same: true })) });
    expect(rebuiltFile('result.json', runId).equals(run.get('result.json')!)).toBe(true);
  });

  test('refuses a bundle that is not as it was written, unless it is forced to', async () => {
    const path = inRun('ledger/00000.jsonl');
    const fewer = Buffer.from(bundle.get(path)!).toString('utf8').split('\n').slice(2).join('\n');
    write(path, fewer);
    const refused = await report('rebuild', folder, '--out', out);
    expect(refused).toMatchObject({ status: 3, stdout: '' });
    expect(refused.stderr).toMatch(/^error: the bundle is not as it was written \(1 of its files.*--force/);
    const forced = await report('rebuild', folder, '--out', out, '--force');
    expect(forced.status).toBe(1);
    expect(forced.stdout).toMatch(/report\.json: not the same as in the bundle/);
    expect(rebuiltFile('report.json').toString()).not.toBe(Buffer.from(bundle.get('report.json')!).toString());
  });

  test('says in one line that evidence cannot be read', async () => {
    write(inRun('samples.jsonl'), '{"t":');
    const { status, stderr } = await report('rebuild', folder, '--out', out, '--force');
    expect(status).toBe(3);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
  });

  test('needs no network, no time zone and no language of its own', () => {
    const node = join(repository, 'node_modules', '.bin', 'node');
    const command = [node, join(repository, 'bin', 'faultline.ts'), 'report', 'rebuild', folder, '--out', out];
    const ended = spawnSync('unshare', ['--user', '--net', '--', ...command], {
      cwd: root,
      env: { PATH: process.env.PATH, TZ: 'Asia/Kathmandu', LC_ALL: 'cs_CZ.UTF-8', LANG: 'cs_CZ.UTF-8' },
      encoding: 'utf8',
    });
    expect(ended.stderr).toBe('');
    expect(ended.status).toBe(0);
    for (const [name, expected] of reports) expect(rebuiltFile(name).equals(expected)).toBe(true);
  });
});
