import { Command, type CommanderError } from 'commander';
import { inOneLine } from '../../lambdas/aws/one-line.ts';
import { ApiRefused } from '../../lambdas/operator/signed-requests.client.ts';
import type { CommandContext, CommandLine } from './command.ts';
import { commands } from './commands.ts';
import { exitOf, usageError } from './exit-status.ts';
import { generalHelp, helpWidth } from './help.ts';
import { WrongUsage, withShortValues, wrongUsage } from './wrong-usage.ts';

export type { CommandLine };

/** One command line, from its arguments to its exit status: wrong usage is one line that says what is allowed. */
export async function commandLine(argv: readonly string[], io: CommandLine): Promise<number> {
  let status: number = exitOf.PASS;
  const program = programOf(io, (made) => {
    status = made;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof HelpShown) return exitOf.PASS;
    if (error instanceof NoCommand) {
      io.stderr(`${program.helpInformation()}${generalHelp}\n`);
      return usageError;
    }
    io.stderr(`error: ${inOneLine(withShortValues((error as Error).message, argv, io.env))}\n`);
    return isUsage(error) ? usageError : exitOf.ERROR;
  }
}

/** What the API does not take as it was asked is wrong usage too, though only the API knew. */
const isUsage = (error: unknown) =>
  error instanceof WrongUsage || error instanceof RangeError || (error instanceof ApiRefused && error.status === 400);

class HelpShown extends Error {}
class NoCommand extends Error {}

function programOf(io: CommandLine, exit: (status: number) => void): Command {
  const program = new Command('faultline')
    .description(
      'Failure scenarios against an application, measured: error rates, response times, RTO, RPO, resilience.',
    )
    .version(io.version, '--version', 'print the version')
    .helpCommand('help [command]', 'tell what a command does')
    .configureOutput({
      // Told by `commandLine`, in one line.
      outputError: () => {},
      writeErr: () => {},
      writeOut: io.stdout,
      getOutHelpWidth: () => helpWidth,
      getErrHelpWidth: () => helpWidth,
    })
    .addHelpText('after', generalHelp);
  program.exitOverride((error) => ended(error, program));
  const context: CommandContext = {
    ...io,
    exit,
    command(parent, name, help) {
      const made = parent.command(name).allowExcessArguments(false).helpCommand(false).addHelpText('after', help);
      return made.exitOverride((error) => ended(error, made));
    },
    tell: (answer, text, { json }) => io.stdout(`${json ? JSON.stringify(answer, null, 2) : text(answer)}\n`),
  };
  for (const add of commands) add(program, context);
  return program;
}

function ended(error: CommanderError, command: Command): never {
  if (error.exitCode === 0) throw new HelpShown();
  if (error.code === 'commander.help' && command.parent === null && command.args.length === 0) throw new NoCommand();
  throw wrongUsage(error, command);
}
