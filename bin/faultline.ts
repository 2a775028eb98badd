#!/usr/bin/env node
import { Command, type CommanderError, InvalidArgumentError, Option } from 'commander';
import { listScenarios } from '../infra/local/run/list-scenarios.ts';
import { outputFolder } from '../infra/local/run/output-folder.ts';
import { start } from '../infra/local/run/start.ts';
import { portFromEnvironment } from '../infra/local/stack.ts';
import { parseFragile } from '../infra/sample-app/fragile.ts';
import { availableScenarios, isScenarioId, scenarioById } from '../lambdas/scenarios/registry.ts';
import { profiles, type ScenarioId } from '../lambdas/scenarios/scenario.ts';

const usageError = 2;
const allowedScenarios = availableScenarios.map((s) => s.id).join(', ');

function scenario(id: string, earlier: ScenarioId[] = []): ScenarioId[] {
  if (!isScenarioId(id)) throw new InvalidArgumentError(`Allowed are: ${allowedScenarios}.`);
  if (scenarioById(id).status !== 'available')
    throw new InvalidArgumentError(`It cannot be run yet. Allowed are: ${allowedScenarios}.`);
  return earlier.includes(id) ? earlier : [...earlier, id];
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

/** Wrong usage in one line, with what is allowed. */
function told({ code, message }: CommanderError): string {
  const line = message.replace(/\s*\n\s*/g, ' ').replace(/\.$/, '');
  const options = command.options.map((o) => o.long).join(', ');
  const allowed: Record<string, string> = {
    'commander.unknownOption': `; the options are ${options}, --help`,
    // npm keeps options for itself that come before `--`, and passes on their values.
    'commander.excessArguments': '; what to run is said with options, as in: npm start -- --scenario cache-failure',
    'commander.optionMissingArgument': line.includes('--scenario')
      ? `; allowed are: ${allowedScenarios}`
      : '; see --help',
  };
  return `${line}${allowed[code] ?? ''}`;
}

const exitStatusHelp = `
Exit status: 0 every verdict is PASS, 1 one is FAIL, 2 wrong usage, 3 one is INVALID or ERROR, or the run itself failed,
4 stopped. FAULTLINE_PORT is the port of the local AWS on 127.0.0.1 (default 4566).`;

const program = new Command('faultline')
  .description('Failure scenarios against an application, measured: error rates, response times, RTO, RPO, resilience.')
  .helpCommand(false)
  // Told below, in one line.
  .configureOutput({ outputError: () => {} })
  .exitOverride((error) => {
    if (error.exitCode === 0) process.exit(0);
    process.stderr.write(`${told(error)}\n`);
    process.exit(usageError);
  });

const command = program
  .command('start', { isDefault: true })
  .description('runs a game-day on this machine: set-up, load, faults, recovery, report in <out>/latest')
  .option('-s, --scenario <id>', 'run this scenario (repeatable; default: every available one)', scenario)
  .addOption(
    new Option('-p, --profile <name>', 'durations: quick, or full as in the document')
      .choices(profiles)
      .default('quick'),
  )
  .option(
    '--fragile [switches]',
    "the sample application with its good behaviours off: 'all', or a comma-separated list",
    checked(fragile),
  )
  .option('-o, --out <folder>', 'where the report and its evidence are kept (default: "out")', checked(outputFolder))
  .option('--list', 'list the scenarios and exit', false)
  .option('--json', 'print the report as JSON on standard output', false)
  .allowExcessArguments(false)
  .addHelpText('after', exitStatusHelp)
  .action(async (options) => {
    if (options.list) {
      process.stdout.write(listScenarios(options.json));
      return;
    }
    try {
      portFromEnvironment();
    } catch (error) {
      command.error(`error: ${(error as RangeError).message}`);
    }
    process.exitCode = await start({
      scenarios: options.scenario ?? availableScenarios.map((s) => s.id),
      profile: options.profile,
      fragile: options.fragile === true ? 'all' : (options.fragile ?? ''),
      out: options.out ?? outputFolder('out'),
      json: options.json,
    });
  });

// It is the one that runs when no command is named: its options are what a newcomer looks for.
program.addHelpText('after', () => `\n${command.helpInformation()}${exitStatusHelp}`);

await program.parseAsync();
