import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { CommandLine } from '../../../infra/cli/command.ts';
import { targetSchema } from '../../../lambdas/target/target.ts';
import { localEnvironment } from '../../../lib/config/compile.ts';
import { parseConfig } from '../../../lib/config/read-config.ts';
import { shopYaml } from '../../lib/config/shop.fixture.ts';
import { runCommand } from './support/run-command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-commands-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const checks = (ok: boolean) => ({
  target: 'shop',
  ok,
  checks: [{ part: 'health', ok, detail: 'answered 503' }],
  inapplicable: [{ scenario: 'slow-query', reason: 'no tables' }],
});

/** Runs a command line in this process; `asked` has what it did. */
async function run(argv: string[], changes: Partial<CommandLine> = {}) {
  const asked: unknown[][] = [];
  const ask =
    <T>(name: string, answer: T) =>
    async (...args: unknown[]): Promise<T> => {
      asked.push([name, ...args]);
      return answer;
    };
  const local = {
    start: ask('start', 1),
    dryRun: ask('dryRun', 3),
    up: ask('up', 0),
    checkLocally: ask('checkLocally', checks(false)),
    checkInAccount: ask('checkInAccount', checks(true)),
  };
  return { ...(await runCommand(argv, { local, ...changes })), asked };
}

describe('a configuration', () => {
  let file: string;
  beforeAll(() => {
    file = join(folder, 'faultline.yaml');
    writeFileSync(join(folder, 'locustfile.py'), '');
    writeFileSync(file, shopYaml);
  });

  test('is the target of a game-day here, in place of the sample application', async () => {
    const { status, asked } = await run(['start', '--config', file]);
    expect(status).toBe(1);
    expect(asked).toEqual([['start', expect.objectContaining({ target: 'shop', config: expect.anything() })]]);
  });

  test.each([
    [
      'a mistake in it',
      ['start', '--config', 'broken.yaml'],
      'broken.yaml:2: endpoint: "x" is not allowed; allowed is',
    ],
    ['one that is not there', ['start', '-c', 'nowhere.yaml'], 'there is no such file; `faultline init` writes one'],
    [
      "the sample application's switches",
      ['start', '-c', 'faultline.yaml', '--fragile'],
      'leave them out with --config',
    ],
    ['another target', ['start', '-c', 'faultline.yaml', '-t', 'second'], 'leave them out with --config'],
    ['a mistake in one to check', ['target', 'check', '-c', 'broken.yaml'], 'broken.yaml:2: endpoint: '],
    ['one to compile that is not there', ['target', 'compile', '-c', 'nowhere.yaml'], 'there is no such file'],
  ])('with %s is one line and exit status 2, and nothing is done', async (_what, argv, line) => {
    writeFileSync(join(folder, 'broken.yaml'), shopYaml.trim().replace(/^endpoint: .*$/m, 'endpoint: x'));
    const there = argv.map((arg) => (arg.endsWith('.yaml') ? join(folder, arg) : arg));
    const { status, stderr, asked } = await run(there);
    expect({ status, asked }).toEqual({ status: 2, asked: [] });
    expect(stderr).toMatch(/^error: .*\n$/);
    expect(stderr).toContain(line);
  });

  test('is checked piece by piece; what is missing is named and is exit status 1', async () => {
    const { status, stdout, asked } = await run(['target', 'check', '--config', file]);
    expect({ status, asked: asked.map(([name]) => name) }).toEqual({ status: 1, asked: ['checkLocally'] });
    expect(stdout.split('\n')).toEqual([
      'MISSING health: answered 503',
      'N/A     slow-query: no tables',
      "Target 'shop': 1 of 1 checks found something missing.",
      '',
    ]);
  });

  test('is checked in an account where that is asked for, and as JSON for scripts', async () => {
    const { status, stdout, asked } = await run(['target', 'check', '--config', file, '--account', '--json']);
    expect({ status, asked: asked.map(([name]) => name) }).toEqual({ status: 0, asked: ['checkInAccount'] });
    expect(JSON.parse(stdout)).toEqual(checks(true));
  });

  test('is compiled to what the parameter store holds', async () => {
    const { status, stdout } = await run(['target', 'compile', '--config', file]);
    expect(status).toBe(0);
    expect(targetSchema.parse(JSON.parse(stdout))).toMatchObject({
      endpoint: 'http://app.shop.internal:8000',
      database: { cluster: 'shop', service: 'database', secretId: 'shop/database' },
      rtoSeconds: { 'cache-failure': 45 },
      safety: { stopConditions: { alarms: ['shop-on-fire'] } },
    });
  });
});

describe('init', () => {
  const made = (name: string) => parseConfig(readFileSync(join(folder, name), 'utf8'), name);
  const typed = (...lines: string[]) => ({ isTerminal: true, input: Readable.from(`${lines.join('\n')}\n`) });

  test('with --yes writes a configuration that is taken as it is', async () => {
    const { status, stdout } = await run(['init', '--yes', '--config', join(folder, 'usual.yaml')]);
    expect(status).toBe(0);
    expect(stdout).toContain('usual.yaml. Next: npm run faultline -- target check --config ');
    const config = made('usual.yaml');
    expect(config).toMatchObject({
      health: { path: '/health' },
      local: { application: { command: ['node', 'server.js'] } },
    });
    expect(localEnvironment(config, 'pw')).toMatchObject({
      PORT: '8000',
      REDIS_URL: expect.stringContaining('redis://'),
    });
  });

  test('writes what was answered, and asks again where an answer is a mistake', async () => {
    const answers = ['My Shop', 'shop', '', 'health', '/health', '', '', '', '', '', '', '-', 'npm run shop', '3000'];
    const { status, stdout } = await run(['init', '-c', join(folder, 'asked.yaml')], typed(...answers));
    expect(status).toBe(0);
    expect(stdout).toContain('  id: "My Shop" is not allowed; allowed is the target');
    expect(stdout).toContain('  health.path: "health" is not allowed');
    const { id, cache, database, local } = made('asked.yaml');
    expect({ id, cache, host: database?.host }).toEqual({
      id: 'shop',
      cache: undefined,
      host: 'database.shop.internal',
    });
    expect(local).toMatchObject({ application: { command: ['npm', 'run', 'shop'], port: 3000 } });
    expect(local?.cache).toBeUndefined();
  });

  test.each([
    ['a file that is there', ['-c', 'faultline.yaml', '--yes'], {}, 'faultline.yaml is there; --force writes over it'],
    ['nobody to ask', ['-c', 'new.yaml'], {}, 'nobody can be asked here: use --yes, or a terminal'],
    ['a folder that is not there', ['-c', 'no/new.yaml', '--yes'], {}, 'there is no folder '],
    ['answers that end', ['-c', 'new.yaml'], typed('shop'), 'the answers ended before the questions did'],
  ])('with %s writes nothing', async (_what, argv, changes, line) => {
    const there = argv.map((arg) => (arg.endsWith('.yaml') ? join(folder, arg) : arg));
    const { status, stderr } = await run(['init', ...there], changes);
    expect(status).toBe(2);
    expect(stderr).toContain(line);
    expect(existsSync(join(folder, 'new.yaml'))).toBe(false);
  });
});
