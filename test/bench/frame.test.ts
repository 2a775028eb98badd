import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Bench, bench } from './bench.ts';
import { type Benchmark, type BenchmarkIo, defineBenchmark, type Measure, type Result } from './benchmark.ts';
import { benchmarks as registered } from './registry.ts';

const repository = resolve(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(folder, 'out-')), 'reports', 'bench.json');
});
const kept = (): Result[] => JSON.parse(readFileSync(file, 'utf8'));

const atLeast = (value: number): Measure => ({
  unit: 'cases',
  goal: { at: 'least', value },
  what: `at least ${value} of them`,
});
const atMost = (value: number): Measure => ({
  unit: 'leaks',
  goal: { at: 'most', value },
  what: `at most ${value} of them`,
});
const single = (id: string, measure: Measure, value: number) =>
  defineBenchmark({ ids: { [id]: measure }, run: async () => ({ [id]: { value, detail: { n: value } } }) });

interface Run {
  status: number;
  stdout: string;
  stderr: string;
  /** What was shown on the way, a line for each. */
  shown: string[];
}

interface Disturbance {
  stop?: AbortController;
  setup?(): Promise<void>;
}

async function run(
  argv: string[],
  benchmarks: Benchmark[],
  { stop = new AbortController(), setup = () => Promise.resolve() }: Disturbance = {},
): Promise<Run> {
  const run: Run = { status: -1, stdout: '', stderr: '', shown: [] };
  const show = (kind: string) => (text?: string) => void run.shown.push(`${kind} ${text ?? ''}`.trimEnd());
  const io: Bench = {
    benchmarks,
    file,
    setup: async () => {
      run.shown.push('setting up');
      await setup();
    },
    display: { step: show('step'), update: show('update'), done: show('done'), failed: show('failed') },
    stop: { asked: stop.signal, insisted: new AbortController().signal },
    stdout: (text) => {
      run.stdout += text;
    },
    stderr: (text) => {
      run.stderr += text;
    },
  };
  run.status = await bench(argv, io);
  return run;
}

describe('the exit status', () => {
  const met = single('met', atLeast(3), 3);
  const missed = single('missed', atMost(3), 4);
  const failed = defineBenchmark({ ids: { broken: atLeast(1) }, run: () => Promise.reject(new TypeError('no disk')) });

  test('is 0 when every goal is met, to the digit', async () => {
    expect((await run([], [met, single('also', atMost(0), 0)])).status).toBe(0);
  });

  test('is 1 when one is not', async () => {
    expect((await run([], [missed, met])).status).toBe(1);
    expect(kept().map(({ id, met }) => [id, met])).toEqual([
      ['met', true],
      ['missed', false],
    ]);
  });

  test('is 3 when a benchmark failed; the others have run, and its entry says why', async () => {
    const { status, shown } = await run([], [failed, missed, met]);
    expect(status).toBe(3);
    expect(shown).toContain('failed TypeError: no disk');
    expect(kept()).toEqual([
      {
        id: 'broken',
        value: null,
        unit: 'cases',
        goal: { at: 'least', value: 1 },
        met: false,
        detail: { reason: 'TypeError: no disk' },
      },
      { id: 'met', value: 3, unit: 'cases', goal: { at: 'least', value: 3 }, met: true, detail: { n: 3 } },
      { id: 'missed', value: 4, unit: 'leaks', goal: { at: 'most', value: 3 }, met: false, detail: { n: 4 } },
    ]);
  });

  test('is 3 when the set-up failed, and nothing has run', async () => {
    const { status, shown } = await run([], [met], { setup: () => Promise.reject(new Error('no namespaces')) });
    expect([status, shown]).toEqual([3, ['step Set-up', 'setting up', 'failed no namespaces']]);
    expect(kept()).toEqual([]);
  });

  test('counts what was asked for only', async () => {
    expect((await run(['met'], [failed, missed, met])).status).toBe(0);
    expect(kept().map(({ id }) => id)).toEqual(['met']);
  });
});

describe('a value that is none is a failure of the benchmark', () => {
  test.each([
    ['is not a number', { detail: null, value: Number.NaN }, "gave 'x' no value but NaN"],
    ['has no end', { detail: null, value: Number.POSITIVE_INFINITY }, "gave 'x' no value but Infinity"],
    ['is missing', undefined, "gave 'x' no value but undefined"],
  ])('one that %s', async (_what, measured, reason) => {
    const broken = { ids: { x: atMost(1) }, run: async () => ({ x: measured }) } as unknown as Benchmark;
    expect((await run([], [broken])).status).toBe(3);
    expect(kept()).toMatchObject([{ id: 'x', value: null, met: false, detail: { reason: expect.any(String) } }]);
    expect(JSON.stringify(kept())).toContain(reason);
  });

  test('and so is a detail that no file can hold', async () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const broken = defineBenchmark({ ids: { x: atMost(1) }, run: async () => ({ x: { value: 1, detail: circular } }) });
    expect((await run([], [broken])).status).toBe(3);
    expect(kept()).toMatchObject([{ value: null, detail: { reason: expect.stringContaining('circular') } }]);
  });
});

describe('a benchmark with several ids', () => {
  let runs: number;
  const both = defineBenchmark({
    ids: { 'state-cases': atLeast(2), 'state-leaks': atMost(0) },
    async run({ progress }: BenchmarkIo) {
      runs += 1;
      progress('case 1 of 2');
      return { 'state-cases': { value: 2, detail: [] }, 'state-leaks': { value: 0, detail: null } };
    },
  });
  beforeEach(() => {
    runs = 0;
  });

  test.each([[['state-leaks']], [['state-cases', 'state-leaks']], [['state-leaks', 'state-leaks']], [[]]])(
    'runs once for %j and gives them all',
    async (argv) => {
      const { status, shown } = await run(argv, [both, single('other', atLeast(1), 1)]);
      expect([status, runs]).toEqual([0, 1]);
      expect(kept().map((r) => r.id)).toEqual([...(argv.length === 0 ? ['other'] : []), 'state-cases', 'state-leaks']);
      expect(shown.slice(0, 6)).toEqual([
        'step Set-up',
        'setting up',
        'done',
        'step state-cases, state-leaks',
        'update case 1 of 2',
        'done 2 cases, 0 leaks',
      ]);
    },
  );
});

describe('the file', () => {
  test('keeps the results of other ids and replaces those of the same', async () => {
    await run([], [single('a', atLeast(1), 1), single('b', atLeast(1), 1)]);
    await run(['b'], [single('c', atLeast(1), 1), single('b', atLeast(1), 7)]);
    expect(kept().map(({ id, value }) => [id, value])).toEqual([
      ['a', 1],
      ['b', 7],
    ]);
    expect(readdirSync(join(file, '..'))).toEqual(['bench.json']);
  });

  test.each(['{', '[{"id":"a"}]', '{}'])('is not overwritten when it holds %s', async (text) => {
    await run([], []);
    writeFileSync(file, text);
    const { status, stderr, shown } = await run([], [single('a', atLeast(1), 1)]);
    expect([status, stderr]).toEqual([2, `error: ${file} does not hold results of npm run bench; move it away\n`]);
    expect([readFileSync(file, 'utf8'), shown]).toEqual([text, []]);
  });

  test('is what --json prints', async () => {
    await run([], [single('before', atLeast(1), 1)]);
    const { stdout } = await run(['--json', 'x'], [single('x', atLeast(1), 0)]);
    expect(stdout).toBe(readFileSync(file, 'utf8'));
    expect(kept().map((r) => r.id)).toEqual(['before', 'x']);
  });

  test('has what was measured before a stop, and the rest as it was', async () => {
    await run([], [single('b', atLeast(1), 5), single('c', atLeast(1), 5)]);
    const stop = new AbortController();
    const asked = defineBenchmark({
      ids: { b: atLeast(1) },
      run: async ({ signal }) => {
        stop.abort();
        signal.throwIfAborted();
        return { b: { value: 6, detail: null } };
      },
    });
    const { status, shown } = await run([], [single('a', atLeast(1), 2), asked, single('c', atLeast(1), 9)], { stop });
    expect([status, shown.at(-1)]).toEqual([4, 'failed stopped']);
    expect(kept().map(({ id, value }) => [id, value])).toEqual([
      ['a', 2],
      ['b', 5],
      ['c', 5],
    ]);
  });
});

test('a stop during the set-up runs nothing', async () => {
  const stop = new AbortController();
  const setup = async () => {
    stop.abort();
    throw new Error('killed');
  };
  const { status, shown } = await run([], [single('a', atLeast(1), 1)], { stop, setup });
  expect([status, shown.some((line) => line.includes('step a'))]).toEqual([4, false]);
});

test('people get a table', async () => {
  const { stdout } = await run(
    [],
    [
      single('state-cases', atLeast(100), 1234.5),
      single('leaks', atMost(0), 2),
      defineBenchmark({ ids: { load: atMost(5) }, run: () => Promise.reject(new Error('no load')) }),
    ],
  );
  expect(stdout).toBe(
    [
      '✓  state-cases  1,234.5 cases  goal: at least 100\n',
      '✗  leaks        2 leaks        goal: at most 0\n',
      '✗  load         failed         goal: at most 5     no load\n',
    ].join(''),
  );
});

describe('--list', () => {
  const all = [single('state-cases', atLeast(100), 1), single('leaks', atMost(0), 0)];

  test('has a line for each id with its goal and meaning, and runs nothing', async () => {
    const { status, stdout, shown } = await run(['--list'], all);
    expect([status, shown, existsSync(file)]).toEqual([0, [], false]);
    expect(stdout).toBe(
      [
        'state-cases  at least 100 cases  at least 100 of them\n',
        'leaks        at most 0 leaks     at most 0 of them\n',
      ].join(''),
    );
  });

  test('--json is the same for scripts', async () => {
    const { stdout } = await run(['--list', '--json'], all);
    expect(JSON.parse(stdout)).toEqual([
      { id: 'state-cases', ...atLeast(100) },
      { id: 'leaks', ...atMost(0) },
    ]);
  });
});

test.each([
  [['nope'], "error: there is no benchmark 'nope'; allowed are: a, b\n"],
  [['a', 'nope'], "error: there is no benchmark 'nope'; allowed are: a, b\n"],
  [['--nope'], "error: unknown option '--nope'; the options are --list, --json, --help\n"],
])('wrong usage, %j, is one line with what is allowed, and nothing is started', async (argv, line) => {
  const { status, stdout, stderr, shown } = await run(argv, [single('a', atLeast(1), 1), single('b', atLeast(1), 1)]);
  expect([status, stdout, stderr, shown, existsSync(file)]).toEqual([2, '', line, [], false]);
});

test('the ids of the registered benchmarks are unique names, each with its meaning in one line', () => {
  const all = registered.flatMap(({ ids }) => Object.entries(ids));
  expect(new Set(all.map(([id]) => id)).size).toBe(all.length);
  for (const [id, { what }] of all) {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(what).toMatch(/^\S.*\S$/);
  }
});

describe('the process', () => {
  function start(entry: string, argv: string[]) {
    const child = spawn(join(repository, 'node_modules', '.bin', 'node'), [join(__dirname, entry), ...argv], {
      env: { ...process.env, BENCH_FILE: file },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 15_000,
    });
    const out = { code: null as number | null, stdout: '', stderr: '' };
    const waiting = Promise.withResolvers<void>();
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      out.stderr += text;
      if (out.stderr.includes('waiting')) waiting.resolve();
    });
    const ended = new Promise<typeof out>((done, reject) => {
      child.on('error', reject);
      child.on('close', (code) => done({ ...out, code }));
    });
    return { child, waiting: waiting.promise, ended };
  }

  test('tells what it can do', async () => {
    const { code, stdout, stderr } = await start('run.ts', ['--help']).ended;
    expect([code, stderr]).toEqual([0, '']);
    for (const part of ['npm run bench -- ', '--list', '--json', 'out/bench.json', '4 stopped']) {
      expect(stdout).toContain(part);
    }
  });

  test('keeps progress away from standard output', async () => {
    const { code, stdout, stderr } = await start('fixtures/waiting.ts', ['--json', 'quick']).ended;
    expect([code, JSON.parse(stdout)]).toEqual([0, kept()]);
    expect(stderr).toContain('quick');
  });

  test('lets a benchmark end in good order after Ctrl-C, and keeps what there is', async () => {
    const { child, waiting, ended } = start('fixtures/waiting.ts', []);
    await waiting;
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect([code, stdout]).toEqual([4, '✓  quick  0 s  goal: at most 1\n']);
    expect(stderr).toMatch(/cleaned up[\s\S]*stopped/);
    expect(kept().map((r) => r.id)).toEqual(['quick']);
  });

  test('leaves at the second Ctrl-C, whatever the benchmark does', async () => {
    const { child, waiting, ended } = start('fixtures/waiting.ts', ['deaf', 'quick']);
    await waiting;
    child.kill('SIGINT');
    // Within a second it would be the same one, which npm passes on.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    child.kill('SIGINT');
    expect((await ended).code).toBe(4);
    expect(kept().map((r) => r.id)).toEqual(['quick']);
  });
});
