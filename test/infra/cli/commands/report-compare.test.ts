import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fragileDatabase, resilientDatabase } from '../../../lambdas/analysis/support/stories.ts';
import { type Story, tell } from '../../../lambdas/analysis/support/story.ts';
import { gameDayBundle } from '../../../lambdas/support/game-day-bundle.ts';
import { runCommand } from '../support/run-command.ts';

const gameDay = (id: string, story: Story, recoverSeconds: number) => {
  const { evidence } = tell({ ...story, seed: id, recoverSeconds });
  return [id, gameDayBundle(id, { ...evidence, run: { ...evidence.run, runId: `${id}-database-failure` } })] as const;
};

const gameDays = new Map([
  ...[4.3, 4.7, 5.2, 4.5].map((seconds, i) => gameDay(`gd-${i + 1}`, resilientDatabase, seconds)),
  gameDay('gd-bad', fragileDatabase, 18),
]);

let root: string;
let out: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'faultline-compare-'));
  out = join(root, 'out');
  for (const [id, { files }] of gameDays) for (const [path, bytes] of files) write(id, path, bytes);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(id: string, path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(join(root, id, path)), { recursive: true });
  writeFileSync(join(root, id, path), content);
}

const at = (...ids: string[]) => ids.map((id) => join(root, id));
const report = (...argv: string[]) => runCommand(['report', ...argv]);

describe('compare', () => {
  test('ends with 0 where nothing is worse, and with 1 where something is', async () => {
    const alike = await report('compare', ...at('gd-4', 'gd-1', 'gd-2', 'gd-3'));
    expect([alike.status, alike.stderr]).toEqual([0, '']);
    expect(alike.stdout).toMatch(/^gd-4 against gd-1, gd-2, gd-3 \(target sample, profile quick\)/);
    const worse = await report('compare', ...at('gd-bad', 'gd-1', 'gd-2', 'gd-3'));
    expect(worse.status).toBe(1);
    expect(worse.stdout).toMatch(/\n {2}worse: Score .* points; beyond the noise of 3 earlier runs\n/);
  });

  test('as JSON has every figure with its difference, its interval and its noise', async () => {
    const { stdout } = await report('compare', ...at('gd-bad', 'gd-1', 'gd-2', 'gd-3'), '--json');
    const { now, earlier, scenarios } = JSON.parse(stdout);
    expect([now.id, earlier.map((e: { id: string }) => e.id)]).toEqual(['gd-bad', ['gd-1', 'gd-2', 'gd-3']]);
    const rto = scenarios[0].figures.find((f: { id: string }) => f.id === 'rto/seconds');
    expect(rto).toMatchObject({ change: 'worse', noise: 'repeated', unit: 's', better: 'lower' });
    expect(rto.low).toBeGreaterThan(0);
  });

  test('compares runs by themselves, in their own folders', async () => {
    const run = (id: string) => join(root, id, 'runs', `${id}-database-failure`);
    const { status, stdout } = await report('compare', ...['gd-bad', 'gd-1', 'gd-2', 'gd-3'].map(run));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^gd-bad-database-failure against gd-1-database-failure, /);
  });

  test('refuses a bundle that is not as it was written', async () => {
    write('gd-2', 'report.md', 'x');
    const { status, stdout, stderr } = await report('compare', ...at('gd-4', 'gd-1', 'gd-2'));
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^error: .*gd-2 is not as it was written \(1 file, see report verify\)\n$/);
  });

  test('a folder that is not there is wrong usage', async () => {
    expect(await report('compare', ...at('gd-4', 'nope'))).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^error: .*There is no such folder/),
    });
  });
});

describe('baseline', () => {
  test('is what is compared with where nothing else is named', async () => {
    const set = await report('baseline', ...at('gd-1', 'gd-2', 'gd-3'), '--out', out);
    expect([set.status, set.stderr]).toEqual([0, '']);
    expect(set.stdout).toMatch(/^The baseline is 3 bundles:\n {2}.*gd-1\n/);
    expect((await report('baseline', '--out', out)).stdout).toBe(set.stdout);
    const found = await report('compare', ...at('gd-bad'), '--out', out);
    expect(found.status).toBe(1);
    expect(found.stdout).toMatch(/^gd-bad against gd-1, gd-2, gd-3 /);
  });

  test('that is not set is told with what to do', async () => {
    for (const argv of [['compare', ...at('gd-4')], ['baseline']]) {
      expect(await report(...argv, '--out', out)).toMatchObject({
        status: 3,
        stderr: expect.stringMatching(
          /^error: no baseline is set in .*; name earlier bundles, or set one with report baseline\n$/,
        ),
      });
    }
  });

  test('that is another bundle by now, is gone or is no baseline is refused', async () => {
    const compared = async () => (await report('compare', ...at('gd-4'), '--out', out)).stderr;
    await report('baseline', ...at('gd-1'), '--out', out);
    rmSync(join(root, 'gd-1'), { recursive: true });
    for (const [path, bytes] of gameDays.get('gd-2')!.files) write('gd-1', path, bytes);
    expect(await compared()).toMatch(/gd-1 is another bundle than when the baseline was set\n$/);
    rmSync(join(root, 'gd-1'), { recursive: true });
    expect(await compared()).toMatch(/gd-1, a bundle of the baseline, is not there any more\n$/);
    writeFileSync(join(out, 'baseline.json'), '{}');
    expect(await compared()).toMatch(/baseline\.json holds no baseline; set it anew with report baseline\n$/);
  });
});
