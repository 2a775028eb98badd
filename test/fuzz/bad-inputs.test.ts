import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { logger } from '../../lambdas/aws/logger.ts';
import { aTarget } from '../lambdas/support/target.ts';
import { freePort } from '../support/services.ts';
import { apiRequests } from './api-requests.ts';
import { badInputs } from './bad-inputs.ts';
import { type CommandLineInput, commandLines, wrongRefusal } from './command-lines.ts';
import { goodStepInputs, stepInputs } from './step-inputs.ts';
import type { Surface } from './surface.ts';
import { targets } from './targets.ts';

const seed = 20_260_218;
const repository = resolve(__dirname, '..', '..');

test('every bad input is refused by name in one line, and none of them touches anything', async () => {
  const { count, failures, touched } = await badInputs(4_000, seed);
  expect(failures.slice(0, 10)).toEqual([]);
  expect({ count, touched }).toEqual({ count: 4_000, touched: false });
}, 60_000);

test('the same seed makes the same inputs, and another one others', () => {
  const inputs = (of: number) => JSON.stringify(fc.sample(apiRequests.inputs, { seed: of, numRuns: 200 }));
  expect(inputs(1)).toBe(inputs(1));
  expect(inputs(1)).not.toBe(inputs(2));
});

test('every step of a state machine is sent inputs, made of one that it takes', async () => {
  const lambdas = readdirSync(join(repository, 'lambdas'), { recursive: true, encoding: 'utf8' });
  // Not of any machine: one has no input of anybody's, one takes requests, one answers whatever it is asked.
  const names = lambdas.flatMap((file) => /([\w-]+)\.lambda\.ts$/.exec(file)?.[1]?.replaceAll('-', ' ') ?? []);
  const steps = names.filter((name) => !['reaper', 'api', 'scorecard'].includes(name));
  expect(goodStepInputs.map(({ step }) => step).sort()).toEqual(steps.sort());
  for (const input of goodStepInputs) {
    expect([input.step, await stepInputs.send(input, () => {})]).toEqual([
      input.step,
      expect.stringMatching(/^Error: environment: /),
    ]);
  }
});

describe('a good input is seen to get through', () => {
  const logged = jest.spyOn(logger, 'error').mockImplementation(() => {});
  afterAll(() => logged.mockRestore());
  // biome-ignore lint/suspicious/noExplicitAny: each surface has inputs of its own
  test.each<[string, Surface<any>, unknown]>([
    ['starting', apiRequests, { method: 'POST', path: '/game-days', body: { target: 'shop' } }],
    [
      'pulling the lever',
      apiRequests,
      { method: 'PUT', path: '/safety-lever', body: { pulled: true, reason: 'sale' } },
    ],
    ['a target', targets, JSON.stringify(aTarget())],
    ['npm start', commandLines, { argv: ['start', '--scenario', 'control'], env: {} }],
  ])('%s', async (_what, surface, input) => {
    let touched = false;
    const why = await surface.send(input, () => {
      touched = true;
    });
    expect([why === null, touched]).toEqual([false, true]);
  });
});

describe('real processes', () => {
  /** No process can be given these. */
  const canBeGiven = ({ argv, env }: CommandLineInput) =>
    [...argv, ...Object.values(env)].every((t) => !t.includes('\0') && t.isWellFormed());

  async function run({ argv, env }: CommandLineInput) {
    const child = spawn(join(repository, 'node_modules', '.bin', 'node'), ['bin/faultline.ts', ...argv], {
      cwd: repository,
      env: { PATH: process.env.PATH, FAULTLINE_PORT: String(await freePort()), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
    });
    const told = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (part: string) => {
        told[stream] += part;
      });
    }
    const status = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
    return wrongRefusal(status, told.stdout, told.stderr);
  }

  test.each(fc.sample(commandLines.inputs.filter(canBeGiven), { seed, numRuns: 6 }))(
    'number %#',
    async (input) => {
      expect(await run(input)).toBeNull();
    },
    40_000,
  );
});
