import { Command, type CommanderError, Option } from 'commander';
import { inOneLine } from '../../../lambdas/aws/one-line.ts';
import type { OperatorApi } from '../../../lambdas/operator/operator-api.client.ts';
import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import { profiles } from '../../../lambdas/scenarios/scenario.ts';
import { portFromEnvironment } from '../stack.ts';
import { exampleId, folder, fragile, id, reason, scenario, target } from './arguments.ts';
import { NoDeployment } from './find-api.ts';
import { askingHelp, generalHelp, helpWidth, startHelp } from './help.ts';
import { listScenarios } from './list-scenarios.ts';
import type { LocalGameDayOptions } from './local-game-day.ts';
import { exitOf } from './outcome.ts';
import { outputFolder } from './output-folder.ts';
import { addReportCommands } from './report-commands.ts';
import { tellLever, tellMove, tellStop } from './tell.ts';
import { WrongUsage, withShortValues, wrongUsage } from './wrong-usage.ts';

export interface CommandLine {
  version: string;
  env: NodeJS.ProcessEnv;
  stdout(text: string): void;
  stderr(text: string): void;
  /** These two run on this machine and return the exit status. */
  start(options: LocalGameDayOptions & { json: boolean }): Promise<number>;
  dryRun(options: Omit<LocalGameDayOptions, 'out'> & { json: boolean }): Promise<number>;
  /**
   * A running deployment, and the game-day of the one on this machine, null where it has started none.
   * @throws RangeError where the environment makes no sense
   */
  deployment(): { api: Pick<OperatorApi, 'stop' | 'lever' | 'moveLever'>; gameDayId: string | null };
}

const usageError = 2;

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
    return error instanceof WrongUsage || error instanceof RangeError ? usageError : exitOf.ERROR;
  }
}

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
  const command = (parent: Command, name: string, help: string) => {
    const made = parent.command(name).allowExcessArguments(false).helpCommand(false).addHelpText('after', help);
    return made.exitOverride((error) => ended(error, made));
  };
  program.exitOverride((error) => ended(error, program));

  command(program, 'start', startHelp)
    .description(
      "runs a game-day on this machine's sample target: set-up, load, faults, recovery, report in <out>/latest",
    )
    .option('-s, --scenario <id>', 'run this scenario (repeatable; default: every available one)', scenario)
    .addOption(
      new Option('-p, --profile <name>', 'durations: quick, or full as in the document')
        .choices(profiles)
        .default('quick'),
    )
    .option('-t, --target <id>', 'the id of the sample target', target, 'sample')
    .option(
      '--dry-run',
      "tell what would be touched on this machine's sample target and what would refuse it, and touch nothing",
    )
    .option(
      '--fragile [switches]',
      "the sample application with its good behaviours off: 'all', or a comma-separated list",
      fragile,
    )
    .option('-o, --out <folder>', 'where the report and its evidence are kept (default: "out")', folder)
    .option('--list', 'list the scenarios and exit')
    .option('--json', 'print as JSON: the report, or with --dry-run or --list what they tell')
    .action(async (options) => {
      const json = options.json ?? false;
      if (options.list) return io.stdout(listScenarios(json));
      if (io.env.FAULTLINE_API) {
        throw new WrongUsage(
          "start works on this machine's sample target only, and FAULTLINE_API names a deployment for stop and lever; unset it",
        );
      }
      portFromEnvironment(io.env);
      const gameDay = {
        target: options.target,
        scenarios: options.scenario ?? availableScenarios.map((s) => s.id),
        profile: options.profile,
        fragile: options.fragile === true ? 'all' : (options.fragile ?? ''),
        json,
      };
      if (options.dryRun) exit(await io.dryRun(gameDay));
      else exit(await io.start({ ...gameDay, out: options.out ?? outputFolder('out') }));
    });

  const tell = <T>(answer: T, text: (answer: T) => string, { json }: { json?: boolean }) =>
    io.stdout(`${json ? JSON.stringify(answer, null, 2) : text(answer)}\n`);

  command(program, 'stop', askingHelp('asked'))
    .description('asks a running game-day, or one of its runs, to stop: its fault is reverted, its report written')
    .argument('[id]', 'of the game-day or the run (default: the game-day that is going on on this machine)', id)
    .option('-r, --reason <text>', 'why, for the report', reason, 'asked at the command line')
    .option('--json', 'print as JSON what was asked to stop')
    .action(async (named, options) => {
      if (named === undefined && io.env.FAULTLINE_API) {
        throw new WrongUsage(`stop needs the id of a game-day or a run where FAULTLINE_API is set, as in ${exampleId}`);
      }
      const { api, gameDayId } = io.deployment();
      const stopped = named ?? gameDayId;
      if (stopped === null) throw new NoDeployment('the run that is going on here has started no game-day');
      tell(await api.stop(stopped, options.reason), tellStop, options);
    });

  const lever = command(program, 'lever', askingHelp('asked or shown')).description(
    'the safety lever: while it is pulled every run stops and none starts',
  );
  command(lever, 'show', askingHelp('shown'))
    .description('tells how it stands and its latest moves')
    .option('--json', 'print as JSON how it stands and its latest moves')
    .action(async (options) => tell(await io.deployment().api.lever(), tellLever, options));
  for (const [name, pulled] of [['pull', true] as const, ['release', false] as const]) {
    command(lever, name, askingHelp('asked'))
      .description(pulled ? 'stops every run and refuses new ones' : 'lets runs start again')
      .requiredOption('-r, --reason <text>', 'why, for everybody who is stopped or refused', reason)
      .option('--json', 'print as JSON how it stands, and whether this changed it')
      .action(async (options) => tell(await io.deployment().api.moveLever(pulled, options.reason), tellMove, options));
  }

  addReportCommands(command, program, { version: io.version, stdout: io.stdout, exit });
  return program;
}

function ended(error: CommanderError, command: Command): never {
  if (error.exitCode === 0) throw new HelpShown();
  if (error.code === 'commander.help' && command.parent === null && command.args.length === 0) throw new NoCommand();
  throw wrongUsage(error, command);
}
