import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { availableScenarios, scenarios } from '../../lambdas/scenarios/registry.ts';
import { isPortOpen } from '../infra/local/probe.ts';
import { freePort } from '../support/services.ts';

const repository = resolve(__dirname, '..', '..');
const node = join(repository, 'node_modules', '.bin', 'node');

interface Ended {
  pid: number;
  code: number | null;
  stdout: string;
  stderr: string;
}

let folder: string;
let port: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-cli-'));
  port = await freePort();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `bin/faultline.ts` in a folder of its own, ended when it does more than tell what is wrong. */
function faultline(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn(node, [join(repository, 'bin', 'faultline.ts'), ...args], {
    cwd: folder,
    env: { ...process.env, FAULTLINE_PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 15_000,
  });
  const ended: Ended = { pid: child.pid!, code: null, stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      ended[stream] += text;
    });
  }
  return new Promise((done, reject) => {
    child.on('error', reject);
    child.on('close', (code) => done({ ...ended, code }));
  });
}

/** The processes that own the state folder of a local stack. */
function stackOwners(): number[] {
  const root = join(repository, '.faultline', 'run');
  const owners = (existsSync(root) ? readdirSync(root) : []).map((name) => join(root, name, 'owner.json'));
  return owners.filter((file) => existsSync(file)).map((file) => JSON.parse(readFileSync(file, 'utf8')).pid);
}

const available = availableScenarios.map((s) => s.id).join(', ');

describe('wrong usage is one clear line with what is allowed, and nothing is started', () => {
  test.each<[string, string[], (string | RegExp)[]]>([
    ['an unknown scenario', ['start', '--scenario', 'nope'], ["'nope' is invalid", available]],
    ['a scenario that is only planned', ['--scenario', 'slow-query'], ['cannot be run yet', available]],
    ['a scenario without a name', ['start', '--scenario'], ['argument missing', available]],
    ['an unknown profile', ['start', '--profile', 'x'], ["'x' is invalid", /quick, full/]],
    ['an unknown option', ['start', '--nope'], ["unknown option '--nope'", '--scenario, --profile', '--help']],
    ['a misspelt option', ['--jsn'], ["unknown option '--jsn' (Did you mean --json?)"]],
    ["an option's value without its option", ['cache-failure'], ['cache-failure', 'npm start -- --scenario']],
    ['a wrong fragile switch', ['--fragile', 'nope'], ["'nope'", 'all, noTimeouts', 'databaseForEverything']],
    ['a file for a folder', ['--out', 'file/reports'], [/file is a file, and a folder is needed/]],
  ])('%s', async (_what, args, expected) => {
    writeFileSync(join(folder, 'file'), '');
    const { code, stdout, stderr } = await faultline(args);
    for (const part of expected) expect(stderr).toMatch(part);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect([code, stdout]).toEqual([2, '']);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test('a port that is none', async () => {
    const { code, stderr } = await faultline([], { FAULTLINE_PORT: '70000' });
    expect([code, stderr]).toEqual([2, 'error: FAULTLINE_PORT is "70000"; it has to be a port from 1 to 65535\n']);
  });

  test('not a port is opened, not a folder made', async () => {
    const { pid } = await faultline(['start', '--scenario', 'nope']);
    expect(await isPortOpen(port)).toBe(false);
    expect(stackOwners()).not.toContain(pid);
  });
});

test('what has been asked for twice is asked for once, and a folder that is not there yet will do', async () => {
  mkdirSync(join(folder, 'there'), { recursive: true });
  const args = ['--scenario', 'control', '--scenario', 'control', '--out', 'there/not/yet', '--list'];
  expect(await faultline(args)).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(join(folder, 'there'))).toEqual([]);
});

describe('--list', () => {
  test('has a line for each scenario, and says which cannot be run yet', async () => {
    const { code, stdout, stderr } = await faultline(['--list']);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split(/\s+/)[0])).toEqual(scenarios.map((s) => s.id));
    for (const [i, { status, trigger }] of scenarios.entries()) {
      expect(lines[i]).toContain(trigger);
      expect(lines[i]!.includes('not available yet')).toBe(status === 'planned');
    }
  });

  test('--json is the same for scripts', async () => {
    const { code, stdout } = await faultline(['start', '--list', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(scenarios)));
  });
});

test.each([[['--help']], [['start', '--help']]])('%j tells every option and every exit status', async (args) => {
  const { code, stdout, stderr } = await faultline(args);
  expect([code, stderr]).toEqual([0, '']);
  for (const option of ['--scenario', '--profile', '--fragile', '--out', '--list', '--json']) {
    expect(stdout).toContain(option);
  }
  expect(stdout).toMatch(/Exit status: 0 .* 1 .* 2 .* 3 [\s\S]*4 stopped/);
  expect(stdout).toContain('FAULTLINE_PORT');
});
