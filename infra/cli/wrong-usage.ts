import type { Command, CommanderError } from 'commander';
import { allowedScenarios, aReason } from './arguments.ts';

export class WrongUsage extends Error {}

const longest = 60;

/** What commander found wrong, with what is allowed. */
export function wrongUsage({ code, message }: CommanderError, command: Command): WrongUsage {
  const line = message.replace(/^error: /, '').replace(/\.$/, '');
  const isOfAll = command.parent === null;
  const options = command.options.map((o) => o.long).join(', ');
  const commands = command.commands.map((c) => c.name()).join(', ');
  const allowed: Record<string, string> = {
    'commander.unknownOption': isOfAll
      ? `; options come after a command, and the commands are ${commands}`
      : `; the options are ${options}${options && ', '}--help`,
    'commander.unknownCommand': `; the commands are ${commands}`,
    // npm keeps options for itself that come before `--`, and passes on their values.
    'commander.excessArguments':
      command.name() === 'start'
        ? '; what to run is said with options, as in: npm start -- --scenario cache-failure'
        : '; see --help',
    'commander.optionMissingArgument': hintFor(line) ?? '; see --help',
    'commander.missingMandatoryOptionValue': hintFor(line) ?? '',
  };
  if (code === 'commander.help') return new WrongUsage(noneNamed(command, commands));
  const told = line.replace(/(?<=but got \d+: ).*/s, shortened);
  return new WrongUsage(`${told}${allowed[code] ?? ''}`);
}

/** A command that only has commands shows its help when none is named, and `help` when it has none of that name. */
function noneNamed(command: Command, commands: string): string {
  const [first, other] = command.args;
  if (first === 'help' && other !== undefined) return `unknown command '${other}'; the commands are ${commands}`;
  return `${command.name()} what? Its commands are ${commands}`;
}

function hintFor(line: string): string | undefined {
  if (line.includes('--scenario')) return `; allowed are: ${allowedScenarios}`;
  if (line.includes('--reason')) return `; it says why, in ${aReason}`;
  return undefined;
}

/** A message in which none of the values that were given takes more than 60 characters. */
export function withShortValues(message: string, argv: readonly string[], env: NodeJS.ProcessEnv): string {
  const given = [...argv.flatMap(valuesOf), env.FAULTLINE_PORT ?? '', env.FAULTLINE_ENDPOINT ?? ''];
  // The longest first: one may be a part of another.
  const long = given.filter((value) => value.length > longest).sort((a, b) => b.length - a.length);
  return long.reduce((text, value) => text.replaceAll(value, () => shortened(value)), message);
}

/** An argument is told as it is, or the value in it: `--name=value`, `-nvalue`, a list's item. */
function valuesOf(argument: string): string[] {
  const values = [argument, argument.slice(argument.indexOf('=') + 1), argument.slice(2)];
  return values.flatMap((value) => [value, ...value.split(',').map((item) => item.trim())]);
}

function shortened(value: string): string {
  const characters = [...value];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : value;
}
