import { Command, type CommanderError, InvalidArgumentError, Option } from 'commander';
import { reasonSchema } from '../../../lambdas/api/reason.ts';
import { inOneLine } from '../../../lambdas/aws/one-line.ts';
import type { OperatorApi } from '../../../lambdas/operator/operator-api.client.ts';
import { runIdSchema } from '../../../lambdas/runs/run.ts';
import { availableScenarios, isScenarioId, scenarioById } from '../../../lambdas/scenarios/registry.ts';
import { profiles, type ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import { targetIdSchema } from '../../../lambdas/target/target.ts';
import { parseFragile } from '../../sample-app/fragile.ts';
import { portFromEnvironment } from '../stack.ts';
import { listScenarios } from './list-scenarios.ts';
import type { LocalGameDayOptions } from './local-game-day.ts';
import { exitOf } from './outcome.ts';
import { outputFolder } from './output-folder.ts';
import { tellLever, tellMove, tellStop } from './tell.ts';

export interface CommandLine {
  env: NodeJS.ProcessEnv;
  stdout(text: string): void;
  stderr(text: string): void;
  /** These two run on this machine and return the exit status. */
  start(options: LocalGameDayOptions & { json: boolean }): Promise<number>;
  dryRun(options: Omit<LocalGameDayOptions, 'out'> & { json: boolean }): Promise<number>;
  /** The API of a running deployment. @throws RangeError where the environment makes no sense */
  api(): Pick<OperatorApi, 'stop' | 'lever' | 'moveLever'>;
}

const usageError = 2;

const exitStatusHelp = `
Exit status: 0 every verdict is PASS, 1 one is FAIL, 2 wrong usage, 3 one is INVALID or ERROR, or the run itself failed
or was refused, 4 stopped. FAULTLINE_PORT is the port of the local AWS on 127.0.0.1 (default 4566).
stop and lever work on the run that is going on on this machine, or on the deployment whose API FAULTLINE_API names.`;

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
    io.stderr(`error: ${inOneLine((error as Error).message)}\n`);
    return error instanceof WrongUsage || error instanceof RangeError ? usageError : exitOf.ERROR;
  }
}

class HelpShown extends Error {}
class WrongUsage extends Error {}

function programOf(io: CommandLine, exit: (status: number) => void): Command {
  const program = new Command('faultline')
    .description(
      'Failure scenarios against an application, measured: error rates, response times, RTO, RPO, resilience.',
    )
    .helpCommand(false)
    // Told by `commandLine`, in one line.
    .configureOutput({ outputError: () => {}, writeErr: () => {}, writeOut: io.stdout });
  const command = (parent: Command, name: string, options?: { isDefault: boolean }) => {
    const made = parent.command(name, options).allowExcessArguments(false).helpCommand(false);
    return made.exitOverride((error) => ended(error, made));
  };
  program.exitOverride((error) => ended(error, program));

  const start = command(program, 'start', { isDefault: true })
    .description('runs a game-day on this machine: set-up, load, faults, recovery, report in <out>/latest')
    .option('-s, --scenario <id>', 'run this scenario (repeatable; default: every available one)', scenario)
    .addOption(
      new Option('-p, --profile <name>', 'durations: quick, or full as in the document')
        .choices(profiles)
        .default('quick'),
    )
    .option('-t, --target <id>', 'the id of the sample target', checked(target), 'sample')
    .option('--dry-run', 'tell what would be touched and what would refuse it, and touch nothing', false)
    .option(
      '--fragile [switches]',
      "the sample application with its good behaviours off: 'all', or a comma-separated list",
      checked(fragile),
    )
    .option('-o, --out <folder>', 'where the report and its evidence are kept (default: "out")', checked(outputFolder))
    .option('--list', 'list the scenarios and exit', false)
    .option('--json', 'print the report as JSON on standard output', false)
    .addHelpText('after', exitStatusHelp)
    .action(async (options) => {
      if (options.list) return io.stdout(listScenarios(options.json));
      portFromEnvironment(io.env);
      const gameDay = {
        target: options.target,
        scenarios: options.scenario ?? availableScenarios.map((s) => s.id),
        profile: options.profile,
        fragile: options.fragile === true ? 'all' : (options.fragile ?? ''),
        json: options.json,
      };
      if (options.dryRun) exit(await io.dryRun(gameDay));
      else exit(await io.start({ ...gameDay, out: options.out ?? outputFolder('out') }));
    });

  const tell = <T>(answer: T, text: (answer: T) => string, { json }: { json: boolean }) =>
    io.stdout(`${json ? JSON.stringify(answer, null, 2) : text(answer)}\n`);

  command(program, 'stop')
    .description('asks a running game-day, or one of its runs, to stop: its fault is reverted, its report written')
    .argument('<id>', 'of the game-day or the run', checked(id))
    .option('-r, --reason <text>', 'why, for the report', checked(reason), 'asked at the command line')
    .option('--json', "print the API's answer", false)
    .action(async (of, options) => tell(await io.api().stop(of, options.reason), tellStop, options));

  const lever = command(program, 'lever').description(
    'the safety lever: while it is pulled every run stops and none starts',
  );
  command(lever, 'show')
    .description('tells how it stands and every move it made')
    .option('--json', "print the API's answer", false)
    .action(async (options) => tell(await io.api().lever(), tellLever, options));
  for (const [name, pulled] of [['pull', true] as const, ['release', false] as const]) {
    command(lever, name)
      .description(pulled ? 'stops every run and refuses new ones' : 'lets runs start again')
      .requiredOption('-r, --reason <text>', 'why, for everybody who is stopped or refused', checked(reason))
      .option('--json', "print the API's answer", false)
      .action(async (options) => tell(await io.api().moveLever(pulled, options.reason), tellMove, options));
  }

  // `start` is what runs when no command is named: its options are what a newcomer looks for.
  return program.addHelpText('after', () => `\n${start.helpInformation()}${exitStatusHelp}`);
}

function ended(error: CommanderError, command: Command): never {
  throw error.exitCode === 0 ? new HelpShown() : new WrongUsage(told(error, command));
}

const allowedScenarios = availableScenarios.map((s) => s.id).join(', ');

/** Wrong usage with what is allowed. */
function told({ code, message }: CommanderError, command: Command): string {
  const line = message.replace(/^error: /, '').replace(/\.$/, '');
  const options = command.options.map((o) => o.long).join(', ');
  const commands = command.commands.map((c) => c.name()).join(', ');
  const allowed: Record<string, string> = {
    'commander.unknownOption': `; the options are ${options}, --help`,
    'commander.unknownCommand': `; the commands are ${commands}`,
    // npm keeps options for itself that come before `--`, and passes on their values.
    'commander.excessArguments':
      command.name() === 'start'
        ? '; what to run is said with options, as in: npm start -- --scenario cache-failure'
        : '; see --help',
    'commander.optionMissingArgument': line.includes('--scenario')
      ? `; allowed are: ${allowedScenarios}`
      : '; see --help',
  };
  // A command that only has commands shows its help when none is named.
  if (code === 'commander.help') return `${command.name()} what? Its commands are ${commands}`;
  return `${line}${allowed[code] ?? ''}`;
}

function scenario(text: string, earlier: ScenarioId[] = []): ScenarioId[] {
  if (!isScenarioId(text)) throw new InvalidArgumentError(`Allowed are: ${allowedScenarios}.`);
  if (scenarioById(text).status !== 'available')
    throw new InvalidArgumentError(`It cannot be run yet. Allowed are: ${allowedScenarios}.`);
  return earlier.includes(text) ? earlier : [...earlier, text];
}

/** What throws a RangeError for a text that it does not take, as the parser of an option. */
const checked =
  <T>(parse: (text: string) => T) =>
  (text: string): T => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof RangeError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };

function fragile(text: string): string {
  parseFragile(text);
  return text;
}

function target(text: string): string {
  if (!targetIdSchema.safeParse(text).success || text === 'load') {
    throw new RangeError("Allowed are small letters, digits and '-', at most 31 and a letter first, and not 'load'.");
  }
  return text;
}

function id(text: string): string {
  if (!runIdSchema.safeParse(text).success) throw new RangeError('It is no id of a game-day or a run.');
  return text;
}

function reason(text: string): string {
  const { success, data } = reasonSchema.safeParse(text);
  if (!success) throw new RangeError('It has to be one line of 1 to 200 characters.');
  return data;
}
