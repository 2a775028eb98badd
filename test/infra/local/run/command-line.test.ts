import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandLine, commandLine } from '../../../../infra/local/run/command-line.ts';
import { NoDeployment } from '../../../../infra/local/run/find-api.ts';
import { ApiRefused } from '../../../../lambdas/operator/signed-requests.client.ts';
import { availableScenarios } from '../../../../lambdas/scenarios/registry.ts';
import { start } from '../../../lambdas/support/run.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-commands-'));
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'there'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lever = { pulled: true, by: 'ann', reason: 'sale', at: start };

/** Runs a command line in this process; `asked` has what it did. */
async function run(argv: string[], changes: Partial<CommandLine> & { api?: CommandLine['api'] } = {}) {
  const ran = { status: -1, stdout: '', stderr: '', asked: [] as unknown[][] };
  const ask =
    <T>(name: string, answer: T) =>
    async (...args: unknown[]): Promise<T> => {
      ran.asked.push([name, ...args]);
      return answer;
    };
  ran.status = await commandLine(argv, {
    env: {},
    stdout: (text) => {
      ran.stdout += text;
    },
    stderr: (text) => {
      ran.stderr += text;
    },
    start: ask('start', 1),
    dryRun: ask('dryRun', 3),
    api: () => ({
      stop: ask('stop', { gameDayId: 'gd-1', stopped: ['gd-1-control'] }),
      lever: ask('lever', { ...lever, history: [lever] }),
      moveLever: ask('moveLever', lever),
    }),
    ...changes,
  });
  return ran;
}

const available = availableScenarios.map((s) => s.id);

describe('wrong usage is one clear line with what is allowed, and nothing is done', () => {
  test.each<[string, string[], (string | RegExp)[]]>([
    ['an unknown scenario', ['start', '--scenario', 'nope'], ["'nope' is invalid", available.join(', ')]],
    ['a scenario that is only planned', ['--scenario', 'slow-query'], ['cannot be run yet', available.join(', ')]],
    ['a scenario without a name', ['start', '--scenario'], ['argument missing', available.join(', ')]],
    ['an unknown profile', ['start', '--profile', 'x'], ["'x' is invalid", /quick, full/]],
    ['an unknown option', ['start', '--nope'], ["unknown option '--nope'", '--scenario, --profile', '--help']],
    ['a misspelt option', ['--jsn'], ["unknown option '--jsn' (Did you mean --json?)"]],
    ["an option's value without its option", ['cache-failure'], ['cache-failure', 'npm start -- --scenario']],
    ['a wrong fragile switch', ['--fragile', 'nope'], ["'nope'", 'all, noTimeouts', 'databaseForEverything']],
    ['a file for a folder', ['--out', 'FILE/reports'], [/file is a file, and a folder is needed/]],
    ['a target that cannot be one', ['--target', 'Shop'], ["'Shop' is invalid", 'small letters']],
    ["the load generator's name", ['--target', 'load'], ["not 'load'"]],
    ['stopping nothing', ['stop'], ["missing required argument 'id'"]],
    ['stopping what is no id', ['stop', 'GD 1'], ["'GD 1' is invalid", 'no id']],
    ['stopping two', ['stop', 'gd-1', 'gd-2'], ['too many arguments', '--help']],
    ['stopping for no reason', ['stop', 'gd-1', '--reason', ' '], ['one line of 1 to 200']],
    ['stopping for a reason of two lines', ['stop', 'gd-1', '--reason', 'a\nb'], ['one line of 1 to 200']],
    ["another command's option", ['stop', 'gd-1', '--list'], ["unknown option '--list'", '--reason, --json']],
    ['the lever without what to do', ['lever'], ['lever what?', 'show, pull, release']],
    ['something else with the lever', ['lever', 'push'], ["unknown command 'push'", 'show, pull, release']],
    ['pulling without a reason', ['lever', 'pull'], ["required option '-r, --reason <text>' not specified"]],
    ['releasing without a reason', ['lever', 'release', '--json'], ["required option '-r, --reason <text>'"]],
    ['what a terminal would obey', ['--\u001b[31m\u0007nope'], ['unknown option']],
  ])('%s', async (_what, argv, expected) => {
    const ran = await run(argv.map((arg) => arg.replace('FILE', join(folder, 'file'))));
    for (const part of expected) expect(ran.stderr).toMatch(part);
    expect(ran.stderr).toMatch(/^error: [^\p{Cc}]+\n$/u);
    expect(ran).toMatchObject({ status: 2, stdout: '', asked: [] });
  });

  test('a port that is none', async () => {
    const stderr = 'error: FAULTLINE_PORT is "70000"; it has to be a port from 1 to 65535\n';
    for (const argv of [[], ['--dry-run']]) {
      expect(await run(argv, { env: { FAULTLINE_PORT: '70000' } })).toMatchObject({ status: 2, stderr, asked: [] });
    }
  });

  test('an environment that makes no sense for the API', async () => {
    const api = () => {
      throw new RangeError('FAULTLINE_API is wrong');
    };
    expect(await run(['lever', 'show'], { api })).toMatchObject({
      status: 2,
      stderr: 'error: FAULTLINE_API is wrong\n',
    });
  });
});

describe('start', () => {
  test('without anything is a quick game-day of every scenario on the sample, and its status is the exit status', async () => {
    const { asked, status } = await run([]);
    const options = { target: 'sample', scenarios: available, profile: 'quick', fragile: '', json: false };
    expect([status, asked]).toEqual([1, [['start', { ...options, out: join(process.cwd(), 'out') }]]]);
  });

  test('takes what it is asked for, a scenario that is asked for twice once, and a folder that is not there yet', async () => {
    const out = join(folder, 'there', 'not', 'yet');
    const scenarios = ['--scenario', 'control', '--scenario', 'control', '-s', 'cache-failure'];
    const { asked } = await run([
      'start',
      ...scenarios,
      '--profile',
      'full',
      '-t',
      'shop',
      '--fragile',
      '--out',
      out,
      '--json',
    ]);
    const options = {
      target: 'shop',
      scenarios: ['control', 'cache-failure'],
      profile: 'full',
      fragile: 'all',
      json: true,
    };
    expect(asked).toEqual([['start', { ...options, out }]]);
  });

  test('as a dry run starts nothing', async () => {
    const { asked, status } = await run(['--dry-run', '--scenario', 'control', '--json']);
    const options = { target: 'sample', scenarios: ['control'], profile: 'quick', fragile: '', json: true };
    expect([status, asked]).toEqual([3, [['dryRun', options]]]);
  });
});

describe('stop', () => {
  test('asks, with the reason or with where it was asked', async () => {
    const asked = await run(['stop', 'gd-1']);
    expect(asked).toMatchObject({
      status: 0,
      stdout: 'Asked game-day gd-1 to stop; its run gd-1-control stops.\n',
      asked: [['stop', 'gd-1', 'asked at the command line']],
    });
    const { stdout, asked: twice } = await run(['stop', 'gd-1-control', '-r', ' sale today ', '--json']);
    expect(JSON.parse(stdout)).toEqual({ gameDayId: 'gd-1', stopped: ['gd-1-control'] });
    expect(twice).toEqual([['stop', 'gd-1-control', 'sale today']]);
  });

  test.each([
    ['refused', new ApiRefused(404, 'run-not-found', "there is no game-day and no run 'gd-1'")],
    ['there is nothing to ask', new NoDeployment('no run is going on here')],
    ['it fails in an unexpected way', new TypeError('x\n    at y (z.ts:1:1)')],
  ])('that is not possible is told in a line: %s', async (_why, error) => {
    const api = () => {
      throw error;
    };
    const { status, stdout, stderr } = await run(['stop', 'gd-1'], { api });
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toBe(`error: ${error.message.replace(/\s+/g, ' ')}\n`);
  });
});

describe('lever', () => {
  const told = 'The safety lever is pulled: sale (ann, 2027-01-15T08:00:00.000Z)\n';

  test('show tells how it stands and its history', async () => {
    expect(await run(['lever', 'show'])).toMatchObject({
      status: 0,
      stdout: `${told}  pulled: sale (ann, 2027-01-15T08:00:00.000Z)\n`,
      asked: [['lever']],
    });
    expect(JSON.parse((await run(['lever', 'show', '--json'])).stdout)).toEqual({ ...lever, history: [lever] });
  });

  test.each([
    ['pull', true],
    ['release', false],
  ])('%s moves it', async (name, pulled) => {
    const ran = await run(['lever', name, '--reason', 'sale']);
    expect(ran).toMatchObject({ status: 0, stdout: told, asked: [['moveLever', pulled, 'sale']] });
    expect(JSON.parse((await run(['lever', name, '-r', 'sale', '--json'])).stdout)).toEqual(lever);
  });
});

test.each([
  [
    ['--help'],
    [
      '--scenario',
      '--profile',
      '--target',
      '--dry-run',
      '--fragile',
      '--out',
      '--list',
      '--json',
      'stop',
      'lever',
      'FAULTLINE_API',
    ],
  ],
  [
    ['start', '--help'],
    ['--scenario', '--profile', '--dry-run', '--out', 'FAULTLINE_PORT'],
  ],
  [
    ['stop', '--help'],
    ['<id>', '--reason', '--json'],
  ],
  [
    ['lever', '--help'],
    ['show', 'pull', 'release'],
  ],
  [
    ['lever', 'pull', '--help'],
    ['--reason', '--json'],
  ],
])('%j tells what there is', async (argv, parts) => {
  const { status, stdout, stderr, asked } = await run(argv);
  expect([status, stderr, asked]).toEqual([0, '', []]);
  for (const part of parts) expect(stdout).toContain(part);
  if (argv[0] !== 'stop' && argv[0] !== 'lever')
    expect(stdout).toMatch(/Exit status: 0 .* 1 .* 2 .* 3 [\s\S]*4 stopped/);
});
