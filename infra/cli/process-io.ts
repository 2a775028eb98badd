import { styleText } from 'node:util';
import { systemClock } from '../../lambdas/aws/clock.ts';
import { version } from '../../lib/version.ts';
import type { CommandLine } from './command.ts';
import { stopSignal } from './stop-signal.ts';
import { terminalDisplay } from './terminal-display.ts';

/** What the command line takes of its process, in the repository and in an installed package. */
export const processIo: Omit<CommandLine, 'local' | 'api'> = {
  version,
  env: process.env,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  input: process.stdin,
  isTerminal: process.stdin.isTTY === true,
  // Nothing is painted where there is no terminal, or NO_COLOR is set.
  paint: (style, text) => styleText(style, text, { stream: process.stdout }),
  display: () => terminalDisplay(process.stdout, systemClock.now),
  clock: systemClock,
  stopSignal,
};
