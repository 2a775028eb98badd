import { Command, CommanderError } from 'commander';

export interface Asked {
  /** Empty: every one. */
  ids: string[];
  json: boolean;
  list: boolean;
}

export class WrongUsage extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WrongUsage';
  }
}

const exitStatusHelp = `
Exit status: 0 every goal is met, 1 one is not, 2 wrong usage, 3 a benchmark itself failed, or the set-up, 4 stopped.
`;

/**
 * What the arguments ask for, or the help text.
 * @throws WrongUsage with one line that says what is allowed
 */
export function parseArguments(argv: readonly string[], allowed: readonly string[]): Asked | { help: string } {
  let help = '';
  const command = new Command('npm run bench --')
    .description('Runs benchmarks, compares what they measure with its goals, and keeps the results in out/bench.json.')
    .argument('[ids...]', 'what to measure (default: everything)')
    .option('--list', 'list the ids with goal and meaning, and exit', false)
    .option('--json', 'print the results as JSON on standard output', false)
    .addHelpText('after', exitStatusHelp)
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
      outputError: () => {},
    })
    .exitOverride();
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { help };
    const options = command.options.map((o) => o.long).join(', ');
    const more = error.code === 'commander.unknownOption' ? `; the options are ${options}, --help` : '';
    throw new WrongUsage(`${error.message.replace(/\s*\n\s*/g, ' ').replace(/\.$/, '')}${more}`);
  }
  const ids = [...new Set(command.args)];
  const unknown = ids.find((id) => !allowed.includes(id));
  if (unknown !== undefined) {
    throw new WrongUsage(`error: there is no benchmark '${unknown}'; allowed are: ${allowed.join(', ') || 'none yet'}`);
  }
  return { ids, ...command.opts<{ json: boolean; list: boolean }>() };
}
