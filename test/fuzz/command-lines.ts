import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { commandLine } from '../../infra/cli/command-line.ts';
import { findApi } from '../../infra/cli/find-api.ts';
import { systemClock } from '../../lambdas/aws/clock.ts';
import { availableScenarios } from '../../lambdas/scenarios/registry.ts';
import { profiles } from '../../lambdas/scenarios/scenario.ts';
import { notALine, type Surface } from './surface.ts';
import { text, textNot } from './values.ts';

export interface CommandLineInput {
  argv: string[];
  env: Record<string, string>;
}

const available: string[] = availableScenarios.map(({ id }) => id);
/** What begins with a dash is an option to every parser. */
const plain = text.filter((t) => !t.startsWith('-'));
/** One of these lists of arguments. */
const oneOf = (...lists: string[][]): fc.Arbitrary<string[]> => fc.nat(lists.length - 1).map((at) => lists[at]!);
const aFile = resolve('package.json');

const badStart = fc.oneof(
  text.filter((t) => !available.includes(t)).map((t) => ['--scenario', t]),
  text.filter((t) => !profiles.includes(t as never)).map((t) => ['--profile', t]),
  textNot(/^[a-z][a-z0-9-]{0,30}$/).map((t) => ['--target', t]),
  plain.map((t) => ['--fragile', `x${t}`]),
  plain.map((t) => ['--out', `${aFile}/${t.replaceAll(/[/\0.]/g, '')}x`]),
  plain.map((t) => [`x${t}`]),
  plain.map((t) => ['--json', '--', `x${t}`]),
  oneOf(['--scenario'], ['--profile'], ['--target'], ['--out'], ['-s'], ['-o'], ['--dry-run=1'], ['--json=x']),
);
const unknownOption = plain.map((t) => [`--x${t.replaceAll('=', '')}`]);

const badStop = fc.oneof(
  plain.filter((t) => !/^[a-z0-9][a-z0-9-]{2,63}$/.test(t)).map((t) => [t]),
  plain.map((t) => ['gd-1', `x${t}`]),
  fc.constantFrom('', ' ', 'a\nb', '\u0000', 'a\u202eb', 'r'.repeat(201)).map((r) => ['gd-1', '--reason', r]),
  oneOf(['gd-1', '--reason'], ['gd-1', '--scenario', 'control'], ['gd-1', '--dry-run']),
);
const badLever = fc.oneof(
  oneOf([], ['pull'], ['release'], ['pull', '--json'], ['pull', '--reason'], ['show', '--reason', 'x']),
  plain.map((t) => [`x${t}`]),
  plain.map((t) => ['show', `x${t}`]),
  fc.constantFrom('', ' ', 'a\nb', '\u001b[31m', 'r'.repeat(201)).map((r) => ['pull', '-r', r]),
);
const argv = fc.oneof(
  badStart,
  badStart.map((args) => ['start', ...args]),
  badStart.map((args) => ['start', '--dry-run', ...args]),
  badStop.map((args) => ['stop', ...args]),
  badLever.map((args) => ['lever', ...args]),
  fc
    .tuple(oneOf([], ['start'], ['stop'], ['stop', 'gd-1'], ['lever', 'show']), unknownOption)
    .map((parts) => parts.flat()),
);

const badPort = fc.oneof(
  fc.constantFrom('', '0', '-1', '65536', '1.5', 'NaN', '1e9', '0x', '4566 4567', 'Infinity'),
  plain.map((t) => `x${t}`),
);
const badApi = fc.oneof(
  fc
    .oneof(
      fc.constantFrom(
        'http://x.example.com/v1',
        'ftp://x.example.com',
        '//x',
        'https://a:b@x.example.com',
        'https://x/?a',
        'https://x/#a',
      ),
      plain.map((t) => `x ${t}`),
    )
    .map((url) => ({ FAULTLINE_API: url, AWS_REGION: 'us-east-1' })),
  // Nothing says in which region it is.
  fc.constant({ FAULTLINE_API: 'https://x.example.com/v1' }),
);
const badEnv: fc.Arbitrary<CommandLineInput> = fc.oneof(
  badPort.chain((port) =>
    oneOf(['start'], ['start', '--dry-run'], ['start', '--json'], ['stop'], ['lever', 'show']).map((args) => ({
      argv: args,
      env: { FAULTLINE_PORT: port },
    })),
  ),
  // On a deployment nothing starts, and what is to be stopped has to be named.
  oneOf(['start'], ['start', '--dry-run'], ['stop'], ['stop', '--json']).map((args) => ({
    argv: args,
    env: { FAULTLINE_API: 'https://x.example.com/v1', AWS_REGION: 'us-east-1' },
  })),
  badApi.chain((env) =>
    oneOf(['stop', 'gd-1'], ['lever', 'show'], ['lever', 'pull', '--reason', 'sale']).map((args) => ({
      argv: args,
      env,
    })),
  ),
);

/** Arguments and environment of the command line, in this process. */
export const commandLines: Surface<CommandLineInput> = {
  name: 'command line',
  inputs: fc.oneof({ weight: 4, arbitrary: argv.map((args) => ({ argv: args, env: {} })) }, badEnv),
  async send(input, touched) {
    const told = { stdout: '', stderr: '' };
    const change = async () => {
      touched();
      return 0;
    };
    const wouldAsk = () => {
      touched();
      throw new Error('something would have been started');
    };
    const status = await commandLine(input.argv, {
      version: '0',
      env: input.env,
      stdout: (written) => {
        told.stdout += written;
      },
      stderr: (written) => {
        told.stderr += written;
      },
      paint: (_style, text) => text,
      display: wouldAsk,
      clock: systemClock,
      stopSignal: wouldAsk,
      input: Readable.from([]),
      isTerminal: false,
      local: { start: change, dryRun: change, up: change, checkLocally: wouldAsk, checkInAccount: wouldAsk },
      api() {
        findApi(input.env, () => []);
        touched();
        throw new Error('the API would have been asked');
      },
    });
    return wrongRefusal(status, told.stdout, told.stderr);
  },
};

/** What is wrong with how a process refused a command line, or null. */
export function wrongRefusal(status: number | null, stdout: string, stderr: string): string | null {
  if (status !== 2) return `exit status ${status}: ${stderr}`;
  if (stdout !== '') return `on standard output: ${stdout}`;
  if (!stderr.startsWith('error: ') || !stderr.endsWith('\n')) return `on standard error: ${stderr}`;
  return notALine(stderr.slice(0, -1));
}
