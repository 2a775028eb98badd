import { Readable } from 'node:stream';
import type { Api, CommandLine } from '../../../../infra/cli/command.ts';
import { commandLine } from '../../../../infra/cli/command-line.ts';
import { stopSignal } from '../../../../infra/cli/stop-signal.ts';
import { fakeClock } from '../../../lambdas/support/clock.ts';

export interface Ran {
  status: number;
  stdout: string;
  stderr: string;
}

const nobody = () => {
  throw new Error('this asks nobody');
};

/** An API that has only these methods; any other one is an error, by which a test sees that it was asked. */
export const apiOf = (methods: Partial<Api>): Api =>
  new Proxy(methods, { get: (of, name) => of[name as keyof Api] ?? nobody }) as Api;

/** Runs a command line in this process. Unless a test gives it something else it may ask nobody and start nothing. */
export async function runCommand(argv: readonly string[], changes: Partial<CommandLine> = {}): Promise<Ran> {
  const ran: Ran = { status: -1, stdout: '', stderr: '' };
  ran.status = await commandLine(argv, {
    version: '9.9.9',
    env: {},
    stdout: (text) => {
      ran.stdout += text;
    },
    stderr: (text) => {
      ran.stderr += text;
    },
    paint: (_style, text) => text,
    display: nobody,
    clock: fakeClock(0),
    stopSignal,
    input: Readable.from([]),
    isTerminal: false,
    local: { start: nobody, dryRun: nobody, up: nobody, checkLocally: nobody, checkInAccount: nobody },
    api: nobody,
    ...changes,
  });
  return ran;
}
