import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import { endpointFromEnvironment } from '../../local/given-endpoint.ts';
import { portFromEnvironment } from '../../local/port-from-environment.ts';
import { readLocalConfig } from '../../local/run/local-config.ts';
import { folder, scenario, target } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { startHelp } from '../help.ts';
import { listScenarios } from '../list-scenarios.ts';
import { fragileOption, localOnly, ownStackOnly } from '../local-only.ts';
import { outputFolder } from '../output-folder.ts';
import { profileOption } from '../start-options.ts';
import { WrongUsage } from '../wrong-usage.ts';

/** `start`: a game-day on this machine from nothing, and nothing of it keeps running. */
export const addStart: AddCommand = (program, { command, env, stdout, exit, local }) => {
  command(program, 'start', startHelp)
    .description('runs a game-day on a target on this machine: set-up, load, faults, recovery, report in <out>/latest')
    .option('-s, --scenario <id>', 'run this scenario (repeatable; default: every available one)', scenario)
    .addOption(profileOption('quick'))
    .option(
      '-c, --config <file>',
      'the target of this faultline.yaml in place of the sample application',
      readLocalConfig,
    )
    .option('-t, --target <id>', 'the id of the sample target', target, 'sample')
    .option(
      '--dry-run',
      "tell what would be touched on this machine's sample target and what would refuse it, and touch nothing",
    )
    .addOption(fragileOption())
    .option('-o, --out <folder>', 'where the report and its evidence are kept (default: "out")', folder)
    .option('--list', 'list the scenarios and exit')
    .option('--json', 'print as JSON: the report, or with --dry-run or --list what they tell')
    .action(async (options, self) => {
      const json = options.json ?? false;
      if (options.list) return stdout(listScenarios(json));
      if (env.FAULTLINE_API) {
        throw new WrongUsage(
          "start works on this machine's sample target only, and FAULTLINE_API names a deployment: start there with faultline run or game-days start, or unset it",
        );
      }
      const commands = localOnly(local, 'start');
      portFromEnvironment(env);
      endpointFromEnvironment(env);
      if (options.config) ownStackOnly(env, '--config');
      if (options.config && (options.fragile !== '' || self.getOptionValueSource('target') === 'cli')) {
        throw new WrongUsage('--fragile and --target are for the sample application; leave them out with --config');
      }
      const gameDay = {
        config: options.config,
        target: options.config?.config.id ?? options.target,
        scenarios: options.scenario ?? availableScenarios.map((s) => s.id),
        profile: options.profile,
        fragile: options.fragile,
        json,
      };
      if (options.dryRun) exit(await commands.dryRun(gameDay));
      else exit(await commands.start({ ...gameDay, out: options.out ?? outputFolder('out') }));
    });
};
