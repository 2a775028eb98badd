import { targetSchema } from '../../../../lambdas/target/target.ts';
import { targetOf } from '../../../../lib/config/compile.ts';
import { readConfig } from '../../../../lib/config/read-config.ts';
import type { AddCommand } from '../../command.ts';
import { targetHelp } from '../../help.ts';

/** `target compile`: what the parameter store has to hold. */
export const addCompile: AddCommand = (parent, { command, stdout }) => {
  command(parent, 'compile', targetHelp)
    .description('prints the value of the SSM parameter /faultline/targets/<id> that the configuration comes to')
    .option('-c, --config <file>', 'the configuration', 'faultline.yaml')
    .action((options: { config: string }) => {
      const { config } = readConfig(options.config);
      stdout(`${JSON.stringify(targetSchema.parse(targetOf(config)), null, 2)}\n`);
    });
};
