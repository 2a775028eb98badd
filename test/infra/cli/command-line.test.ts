import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandLine } from '../../../infra/cli/command.ts';
import { NoDeployment } from '../../../infra/cli/find-api.ts';
import { planGameDay } from '../../../lambdas/game-day/game-day.ts';
import { ApiRefused } from '../../../lambdas/operator/signed-requests.client.ts';
import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import { start } from '../../lambdas/support/run.ts';
import { apiOf, runCommand } from './support/run-command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-commands-'));
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'there'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lever = { pulled: true, by: 'ann', reason: 'sale', at: start };

/** Runs a command line in this process; `asked` has what it did. */
async function run(argv: string[], changes: Partial<CommandLine> & { gameDayId?: string } = {}) {
  const asked: unknown[][] = [];
  const ask =
    <T>(name: string, answer: T) =>
    async (...args: unknown[]): Promise<T> => {
      asked.push([name, ...args]);
      return answer;
    };
  const gameDays = changes.gameDayId === undefined ? [] : [gameDayOf(changes.gameDayId)];
  const ran = await runCommand(argv, {
    version: '1.2.3',
    local: {
      start: ask('start', 1),
      dryRun: ask('dryRun', 3),
      up: ask('up', 0),
      checkLocally: ask('checkLocally', null),
      checkInAccount: ask('checkInAccount', { target: 'shop', checks: [], inapplicable: [], ok: true }),
    },
    api: () =>
      apiOf({
        stop: ask('stop', { gameDayId: 'gd-1', stopped: ['gd-1-control'] }),
        gameDays: async () => ({ items: [gameDayOf('gd-0', start), ...gameDays], next: null }),
        lever: ask('lever', { ...lever, history: [lever] }),
        moveLever: ask('moveLever', { ...lever, changed: true }),
      }),
    ...changes,
  });
  return { ...ran, asked };
}

const gameDayOf = (gameDayId: string, endedAt: number | null = null) => ({
  ...planGameDay({ gameDayId, target: 'shop', scenarios: ['control'], profile: 'quick' }, start),
  endedAt,
});

const available = availableScenarios.map((s) => s.id);

describe('wrong usage is one clear line with what is allowed, and nothing is done', () => {
  test.each<[string, string[], (string | RegExp)[]]>([
    ['an unknown scenario', ['start', '--scenario', 'nope'], ["'nope' is invalid", available.join(', ')]],
    ['a scenario without a name', ['start', '--scenario'], ['argument missing', available.join(', ')]],
    ['an unknown profile', ['start', '--profile', 'x'], ["'x' is invalid", /quick, full/]],
    ['too many workers', ['cost', '--workers', '201'], ["'201' is invalid", 'whole numbers from 1 to 200']],
    ['an unknown option', ['start', '--nope'], ["unknown option '--nope'", '--scenario, --profile', '--help']],
    ['a misspelt option', ['start', '--jsn'], ["unknown option '--jsn' (Did you mean --json?)"]],
    ["an option's value without its option", ['start', 'cache-failure'], ['cache-failure', 'npm start -- --scenario']],
    ['a wrong fragile switch', ['start', '--fragile', 'nope'], ["'nope'", 'all, noTimeouts', 'databaseForEverything']],
    ['a file for a folder', ['start', '--out', 'FILE/reports'], [/file is a file, and a folder is needed/]],
    ['a target that cannot be one', ['start', '--target', 'Shop'], ["'Shop' is invalid", 'small letters']],
    ["the load generator's name", ['start', '--target', 'load'], ["not 'load'"]],
    [
      'an option before its command',
      ['--scenario', 'control'],
      ["'--scenario'", 'the commands are start, up, run, stop'],
    ],
    ['an unknown command', ['strat'], ["unknown command 'strat' (Did you mean start?)", 'start, up, run, stop']],
    ['help on an unknown command', ['help', 'nope'], ["unknown command 'nope'", 'start, up, run, stop']],
    ['stopping what is no id', ['stop', 'GD 1'], ["'GD 1' is invalid", 'no id', /gd-\d{8}-\d{6}-\w{6}-control/]],
    ['stopping two', ['stop', 'gd-1', 'gd-2'], ['too many arguments', '--help']],
    ['stopping for no reason', ['stop', 'gd-1', '--reason', ' '], ['one line of 1 to 200']],
    ['stopping for a reason of two lines', ['stop', 'gd-1', '--reason', 'a\nb'], ['one line of 1 to 200']],
    ["another command's option", ['stop', 'gd-1', '--list'], ["unknown option '--list'", '--reason, --json']],
    ['the lever without what to do', ['lever'], ['lever what?', 'show, pull, release']],
    ['something else with the lever', ['lever', 'push'], ["unknown command 'push'", 'show, pull, release']],
    ['pulling without a reason', ['lever', 'pull'], ["'-r, --reason <text>' not specified", '1 to 200 characters']],
    ['releasing without a reason', ['lever', 'release', '--json'], ["required option '-r, --reason <text>'"]],
    ['pulling for no reason at all', ['lever', 'pull', '-r'], ['argument missing', '1 to 200 characters']],
    ['running no scenario', ['run'], ["missing required argument 'scenario'"]],
    ['running what is none', ['run', 'nope'], ["'nope' is invalid", available.join(', ')]],
    ['running two', ['run', 'control', 'cache-failure'], ['too many arguments', '--help']],
    ['overrides that are none', ['run', 'control', '--overrides', '{x'], ['It is no JSON']],
    ['overrides that are not there', ['run', 'control', '--overrides', 'nope.json'], ['neither JSON']],
    ['a key with a space', ['run', 'control', '--idempotency-key', 'a b'], ['1 to 128 of']],
    ['a suite and scenarios', ['game-days', 'start', '--suite', 'weekly', '-s', 'control'], ['cannot be used with']],
    ['a pause that is none', ['game-days', 'start', '--cool-down', '1.5'], ['whole numbers from 0 to 3600']],
    ['a list of none', ['runs', 'list', '--limit', '0'], ['whole numbers from 1 to']],
    ['a schedule without its time', ['schedules', 'create', 'weekly'], ["'-e, --expression <text>' not specified"]],
    ['a schedule that can have no such name', ['schedules', 'show', 'W 1'], ['small letters']],
    ['a report of another kind', ['runs', 'report', 'gd-1', '--format', 'pdf'], ['html, md, json']],
    ['a report into a file as its folder', ['runs', 'report', 'gd-1', '-o', 'FILE/x'], ['a folder is needed']],
    ['what a terminal would obey', ['--\u001b[31m\u0007nope'], ['unknown option']],
  ])('%s', async (_what, argv, expected) => {
    const ran = await run(argv.map((arg) => arg.replace('FILE', join(folder, 'file'))));
    for (const part of expected) expect(ran.stderr).toMatch(part);
    expect(ran.stderr).toMatch(/^error: [^\p{Cc}]+\n$/u);
    expect(ran).toMatchObject({ status: 2, stdout: '', asked: [] });
  });

  const long = 'x'.repeat(5000);
  test.each([
    [['start', '--scenario', long]],
    [['start', `--scenario=${long}`]],
    [['start', `-s${long}`]],
    [['start', '--fragile', `noRetry, ${long}`]],
    [['start', `--${long}`]],
    [['start', ...Array(100).fill('more')]],
    [['stop', long]],
    [['stop', 'gd-1', '--reason', long]],
    [['lever', long]],
    [[long]],
  ])('a value of any length takes 60 characters at most: %#', async (argv) => {
    const { status, stderr } = await run(argv);
    expect(status).toBe(2);
    expect(stderr).toMatch(/x{56,59}…|(more, ){9,}more,…/);
    expect(stderr).not.toMatch(/x{60}|(more, ){12}/);
  });

  test('of a value that is long in the environment too', async () => {
    const { stderr } = await run(['start'], { env: { FAULTLINE_PORT: long } });
    expect(stderr).toBe(`error: FAULTLINE_PORT is "${'x'.repeat(59)}…"; it has to be a port from 1 to 65535\n`);
  });

  test('a port that is none', async () => {
    const stderr = 'error: FAULTLINE_PORT is "70000"; it has to be a port from 1 to 65535\n';
    for (const argv of [['start'], ['start', '--dry-run']]) {
      expect(await run(argv, { env: { FAULTLINE_PORT: '70000' } })).toMatchObject({ status: 2, stderr, asked: [] });
    }
  });

  test.each(['http://10.0.0.1:4566', 'https://127.0.0.1:4566', 'http://127.0.0.1:4566/x', '4566'])(
    'an endpoint that is not on this machine: %s',
    async (FAULTLINE_ENDPOINT) => {
      const stderr = `error: FAULTLINE_ENDPOINT is "${FAULTLINE_ENDPOINT}"; it has to be an endpoint on this machine, such as http://127.0.0.1:4566\n`;
      for (const argv of [['start'], ['start', '--dry-run'], ['up']]) {
        expect(await run(argv, { env: { FAULTLINE_ENDPOINT } })).toMatchObject({ status: 2, stderr, asked: [] });
      }
    },
  );

  test.each([
    ['--empty', ['up', '--empty']],
    ['targets check', ['targets', 'check']],
  ])('a given endpoint where a stack of its own is needed: %s', async (what, argv) => {
    const stderr = `error: ${what} needs the local stack of this repository, and FAULTLINE_ENDPOINT names another: unset it\n`;
    const env = { FAULTLINE_ENDPOINT: 'http://127.0.0.1:4566' };
    expect(await run(argv, { env })).toMatchObject({ status: 2, stderr, asked: [] });
  });

  test('what only the API knows to be wrong', async () => {
    const refused = new ApiRefused(400, 'overrides-invalid', "control: it has no parameter 'x'");
    const api = () => apiOf({ startRun: () => Promise.reject(refused) });
    const argv = ['run', 'control', '--target', 'shop', '--overrides', '{"parameters":{"x":1}}'];
    expect(await run(argv, { api })).toMatchObject({ status: 2, stdout: '', stderr: `error: ${refused.message}\n` });
  });

  test('which of several targets is meant', async () => {
    const items = ['shop', 'blog'].map((id) => ({ id, valid: true, problem: null, endpoint: null, has: [] }));
    const api = () => apiOf({ targets: async () => ({ items }) });
    const stderr = 'error: name the target with --target: there are shop, blog\n';
    expect(await run(['run', 'control'], { api })).toMatchObject({ status: 2, stderr });
    const none = () => apiOf({ targets: async () => ({ items: [] }) });
    expect((await run(['run', 'control'], { api: none })).stderr).toContain('none is configured');
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
    const { asked, status } = await run(['start']);
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
    const { asked, status } = await run(['start', '--dry-run', '--scenario', 'control', '--json']);
    const options = { target: 'sample', scenarios: ['control'], profile: 'quick', fragile: '', json: true };
    expect([status, asked]).toEqual([3, [['dryRun', options]]]);
  });
});

describe('up', () => {
  test('keeps a sample target, as it is asked for', async () => {
    const { asked, status } = await run(['up', '-t', 'shop', '--fragile', 'noRetry', '--json']);
    expect([status, asked]).toEqual([0, [['up', { target: 'shop', fragile: 'noRetry', empty: false, json: true }]]]);
    const options = { target: 'sample', fragile: '', empty: true, json: false };
    expect((await run(['up', '--empty'])).asked).toEqual([['up', options]]);
  });
});

test('a dry run that would be refused ends with 3', async () => {
  const refusals = [{ error: 'LeverPulled', detail: 'pulled by ann', scenarios: ['control' as const] }];
  const found = { target: 'shop', wouldTouch: [], inapplicable: [], refusals };
  const api = () => apiOf({ dryRunOfRun: async () => found, dryRun: async () => found });
  for (const argv of [
    ['run', 'control'],
    ['game-days', 'start'],
  ]) {
    const { status, stdout } = await run([...argv, '--target', 'shop', '--dry-run'], { api });
    expect([status, stdout]).toEqual([3, expect.stringContaining('LeverPulled (control): pulled by ann')]);
  }
});

describe('where FAULTLINE_API is set', () => {
  const env = { FAULTLINE_API: 'https://x.example.com/v1' };

  test.each([[['start']], [['start', '--dry-run', '--json']]])(
    '%j is refused: it works on this machine',
    async (argv) => {
      const ran = await run(argv, { env });
      expect(ran).toMatchObject({ status: 2, stdout: '', asked: [] });
      expect(ran.stderr).toMatch(
        /^error: start works on this machine's sample target only, .*FAULTLINE_API.*unset it\n$/,
      );
    },
  );

  test('the scenarios are listed', async () => {
    const { status, stdout } = await run(['start', '--list'], { env });
    expect([status, stdout.split('\n')[0]]).toEqual([0, expect.stringContaining('fault')]);
  });

  test('a stop needs an id', async () => {
    const ran = await run(['stop', '--json'], { env, gameDayId: 'gd-2' });
    expect(ran).toMatchObject({ status: 2, stdout: '', asked: [] });
    expect(ran.stderr).toMatch(/^error: stop needs the id of a game-day or a run .*FAULTLINE_API.*gd-\d{8}-\S+\n$/);
    expect((await run(['stop', 'gd-1'], { env })).asked).toEqual([['stop', 'gd-1', 'asked at the command line']]);
  });
});

describe('stop', () => {
  test('without an id is the game-day that is going on on this machine', async () => {
    const { status, asked } = await run(['stop', '-r', 'sale'], { gameDayId: 'gd-2' });
    expect([status, asked]).toEqual([0, [['stop', 'gd-2', 'sale']]]);
    expect(await run(['stop'])).toMatchObject({
      status: 3,
      stderr: 'error: no game-day is going on here\n',
      asked: [],
    });
  });

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
    expect(JSON.parse((await run(['lever', name, '-r', 'sale', '--json'])).stdout)).toEqual({
      ...lever,
      changed: true,
    });
  });
});

describe('help', () => {
  const exampleOf =
    (group: string) =>
    (command: string): [string[], (string | RegExp)[]] => [
      [group, command, '--help'],
      ['Examples:', `  faultline ${group} ${command}`, '--json'],
    ];

  test.each<[string[], (string | RegExp)[]]>([
    [
      ['--help'],
      ['start [options]', 'run [options] <scenario>', 'stop [options] [id]', 'lever', 'npm start -- <options>'],
    ],
    [
      ['start', '--help'],
      ['--scenario', '--profile', '--dry-run', '--out', 'FAULTLINE_PORT', "machine's sample"],
    ],
    [
      ['start', '--help'],
      [/Exit status: 0 .* 1 .* 2 .* 3 [\s\S]*4 stopped/, /With --dry-run: 0 /],
    ],
    [
      ['stop', '--help'],
      ['[id]', '--reason', '--json'],
    ],
    [
      ['lever', '--help'],
      ['show', 'pull', 'release'],
    ],
    [['lever', 'show', '--help'], ['--json']],
    [
      ['lever', 'pull', '--help'],
      ['--reason', '--json'],
    ],
    [
      ['lever', 'release', '--help'],
      ['--reason', '--json'],
    ],
    [
      ['up', '--help'],
      ['--empty', '--fragile', 'FAULTLINE_PORT'],
    ],
    [
      ['run', '--help'],
      ['<scenario>', '--target', '--profile', '--watch', '--dry-run', '--idempotency-key', 'Examples:', /4 one was/],
    ],
    [
      ['runs', '--help'],
      ['list', 'show', 'stop', 'report', 'evidence'],
    ],
    ...['list', 'show', 'stop', 'report', 'evidence'].map(exampleOf('runs')),
    [
      ['game-days', '--help'],
      ['start', 'list', 'show', 'stop', 'report'],
    ],
    ...['start', 'list', 'show', 'stop', 'report'].map(exampleOf('game-days')),
    [
      ['schedules', '--help'],
      ['create', 'list', 'pause', 'resume', 'delete'],
    ],
    ...['create', 'list', 'show', 'pause', 'resume', 'delete'].map(exampleOf('schedules')),
    ...['list', 'show'].map(exampleOf('scenarios')),
    ...['list', 'show'].map(exampleOf('suites')),
    ...['list', 'show', 'validate'].map(exampleOf('targets')),
  ])('%j tells what there is, where it works and what the exit status says', async (argv, parts) => {
    const { status, stdout, stderr, asked } = await run(argv);
    expect([status, stderr, asked]).toEqual([0, '', []]);
    for (const part of parts) expect(stdout).toMatch(part);
    expect(stdout).toContain('FAULTLINE_API');
    if (argv[0] !== '--help') expect(stdout).toMatch(/Exit status: 0 .*, 2 wrong usage, 3 /);
    expect(stdout).not.toContain('default: false');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('is the same as a command', async () => {
    expect(await run(['help'])).toEqual(await run(['--help']));
    expect(await run(['help', 'stop'])).toEqual(await run(['stop', '--help']));
  });

  test('is what wrong usage without a command is told, and nothing is started', async () => {
    const { stdout } = await run(['--help']);
    expect(await run([])).toEqual({ status: 2, stdout: '', stderr: stdout, asked: [] });
  });
});

test('--version is that of the package', async () => {
  expect(await run(['--version'])).toEqual({ status: 0, stdout: '1.2.3\n', stderr: '', asked: [] });
});
