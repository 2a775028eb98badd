import { endpointFromEnvironment } from '../../local/given-endpoint.ts';
import { portFromEnvironment } from '../../local/port-from-environment.ts';
import { target } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { upHelp } from '../help.ts';
import { fragileOption, localOnly, ownStackOnly } from '../local-only.ts';

/** `up`: a local stack to work with, until Ctrl-C. */
export const addUp: AddCommand = (program, { command, env, exit, local }) => {
  command(program, 'up', upHelp)
    .description('keeps a local AWS with Faultline and a sample target until Ctrl-C, and prints how it is reached')
    .option('-t, --target <id>', 'the id of the sample target', target, 'sample')
    .addOption(fragileOption())
    .option('--empty', 'the local AWS alone, with nothing deployed on it and the root keys')
    .option('--json', 'print as one line of JSON how it is reached: the environment of its clients')
    .action(async ({ target: id, fragile, empty = false, json = false }) => {
      const commands = localOnly(local, 'up');
      portFromEnvironment(env);
      endpointFromEnvironment(env);
      if (empty) ownStackOnly(env, '--empty');
      exit(await commands.up({ target: id, fragile, empty, json }));
    });
};
