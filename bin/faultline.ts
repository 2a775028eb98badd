#!/usr/bin/env node
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { listScenarios } from '../infra/local/run/list-scenarios.ts';
import { start } from '../infra/local/run/start.ts';
import { parseFragile } from '../infra/sample-app/fragile.ts';
import { availableScenarios, isScenarioId, scenarioById } from '../lambdas/scenarios/registry.ts';
import { profiles, type ScenarioId } from '../lambdas/scenarios/scenario.ts';

const usageError = 2;

function scenario(id: string, earlier: ScenarioId[] = []): ScenarioId[] {
  const names = availableScenarios.map((s) => s.id).join(', ');
  if (!isScenarioId(id)) throw new InvalidArgumentError(`Allowed are: ${names}.`);
  if (scenarioById(id).status !== 'available')
    throw new InvalidArgumentError(`It cannot be run yet. Allowed are: ${names}.`);
  return earlier.includes(id) ? earlier : [...earlier, id];
}

function fragile(text: string): string {
  try {
    parseFragile(text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError((error as RangeError).message);
  }
}

const program = new Command('faultline')
  .description('Failure scenarios against an application, measured: error rates, response times, RTO, RPO, resilience.')
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : usageError);
  });

program
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
    fragile,
  )
  .option('-o, --out <folder>', 'where the report and its evidence are kept', 'out')
  .option('--list', 'list the scenarios and exit', false)
  .option('--json', 'print the report as JSON on standard output', false)
  .allowExcessArguments(false)
  .addHelpText(
    'after',
    `
Exit status: 0 every verdict is PASS, 1 one is FAIL, 2 wrong usage, 3 one is INVALID or ERROR, or the run itself failed,
4 stopped. FAULTLINE_PORT is the port of the local AWS on 127.0.0.1 (default 4566).`,
  )
  .action(async (options) => {
    if (options.list) {
      process.stdout.write(listScenarios(options.json));
      return;
    }
    process.exitCode = await start({
      scenarios: options.scenario ?? availableScenarios.map((s) => s.id),
      profile: options.profile,
      fragile: options.fragile === true ? 'all' : (options.fragile ?? ''),
      out: resolve(options.out),
      json: options.json,
    });
  });

await program.parseAsync();
