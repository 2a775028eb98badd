import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startLocalStack } from '../../../infra/local/stack.ts';
import { reportSchema, type ScenarioResult } from '../../../lambdas/report/report.schema.ts';
import { eventually, python } from '../../infra/local/probe.ts';
import { CliRun } from '../../support/e2e-cli.ts';
import { freePort } from '../../support/services.ts';

/** What a person at a terminal does to `npm start`, and what is left on the machine afterwards. */
let run: CliRun | undefined;
let port: number;

const start = (args: string[] = [], env: NodeJS.ProcessEnv = {}) => {
  run = new CliRun(args, port, env);
  return run;
};

/** Of a person who works with AWS from this terminal; none of it may have a part in a local run. */
const personsOwnSettings = {
  AWS_PROFILE: 'mine',
  AWS_SESSION_TOKEN: 'mine',
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
  HTTP_PROXY: 'http://127.0.0.1:1',
};

beforeEach(async () => {
  port = await freePort();
});
afterEach(async () => {
  await run?.dispose();
  run = undefined;
}, 20_000);

/** `process`, `port`, `net:` …: the first word of each. */
const kindsOf = (left: string[]) => [...new Set(left.map((line) => /^\w+:?/.exec(line)![0]))];

const cell = (result: ScenarioResult, metric: string) => {
  const row = result.metrics.find((m) => m.id === metric);
  if (!row) throw new Error(`no metric ${metric}`);
  return row;
};

test('Ctrl-C in the middle of a fault reverts it, reports what was measured and leaves nothing behind', async () => {
  const cli = start(['--scenario', 'cache-failure'], personsOwnSettings);
  await cli.until(/^ {2}fault \d+\/20 s/m, 150);
  expect(kindsOf(cli.left())).toEqual(expect.arrayContaining(['process', 'net:', 'pid:', 'mnt:', 'port', 'folder']));
  cli.interrupt();
  const ended = await cli.ended(60);

  expect({ code: ended.code, stderr: cli.stderr }).toMatchObject({ code: 4 });
  const folder = join(cli.out, readdirSync(cli.out).find((name) => name.startsWith('gd-'))!);
  const report = reportSchema.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')));
  const [result] = report.scenarios;
  expect(result).toMatchObject({
    id: 'cache-failure',
    verdict: 'ABORTED',
    reason: expect.stringContaining('Ctrl-C'),
    fault: { landed: true, gone: true },
    phases: { baseline: expect.anything() },
  });
  expect(cell(result!, 'error-rate').before).toMatchObject({ value: expect.any(Number), n: expect.any(Number) });
  expect(cell(result!, 'response-time').before.percentiles?.p50?.ms).toBeGreaterThan(0);
  expect(cell(result!, 'error-rate').before.n).toBeGreaterThan(100);

  const markdown = readFileSync(join(folder, 'report.md'), 'utf8');
  expect(markdown).toContain('ABORTED');
  expect(markdown).not.toMatch(/TBD|⏳/);
  expect(readFileSync(join(cli.out, 'latest', 'report.md'), 'utf8')).toBe(markdown);

  expect(cli.left()).toEqual([]);
}, 240_000);

test('Ctrl-C during the deployment ends at once, without a report and without a trace', async () => {
  const cli = start(['--scenario', 'cache-failure']);
  await cli.until(/^ {2}\S+: deploying/m, 90);
  cli.interrupt();
  const ended = await cli.ended(20);

  expect({ code: ended.code, stderr: cli.stderr }).toMatchObject({ code: 4 });
  expect(cli.stderr).toMatch(/Stopped \(Ctrl-C\)\. Nothing had been measured, so there is no report\./);
  expect(existsSync(cli.out)).toBe(false);
  expect(cli.footprint.seen.processes).toBeGreaterThan(5);
  expect(cli.left()).toEqual([]);
}, 120_000);

test.each([
  ['during the deployment', /^ {2}\S+: deploying/m],
  ['during its baseline', /^ {2}baseline \d+\//m],
])(
  'killed %s it takes everything with it, and the next run removes its folder',
  async (_when, line) => {
    const cli = start(['--scenario', 'cache-failure']);
    await cli.until(line, 150);
    cli.kill();
    await cli.ended(10);

    const left = () => cli.left({ exceptState: true });
    await eventually('all of it has ended', async () => left().length === 0, 10).catch(() =>
      expect(left()).toEqual([]),
    );
    expect(cli.footprint.seen.processes).toBeGreaterThan(5);

    const next = await startLocalStack({ python, port });
    try {
      expect(cli.stateFolderExists).toBe(false);
    } finally {
      await next.stop();
    }
    expect(cli.left()).toEqual([]);
  },
  240_000,
);

test('a port in use is named in one line with what to do, before anything is started', async () => {
  const holder = createServer().listen(port, '127.0.0.1');
  await once(holder, 'listening');
  try {
    const cli = start();
    const { code } = await cli.ended(60);
    expect({ code, stderr: cli.stderr }).toMatchObject({ code: 3 });
    expect(cli.stderr.split('\n').filter((line) => line.includes(String(port)))).toEqual([
      expect.stringMatching(new RegExp(`port ${port} is in use.*FAULTLINE_PORT=<port>$`)),
    ]);
    expect(cli.stderr.trim().split('\n').at(-1)).toContain(String(port));
    expect(cli.left().filter((line) => line !== `port ${port}`)).toEqual([]);
    expect(existsSync(cli.out)).toBe(false);
  } finally {
    holder.close();
  }
}, 90_000);
