import { reason } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { askingHelp } from '../help.ts';
import { tellLever, tellMove } from '../tell.ts';

/** `lever show`, `lever pull`, `lever release`. */
export const addLever: AddCommand = (program, { command, api, tell }) => {
  const lever = command(program, 'lever', askingHelp()).description(
    'the safety lever: while it is pulled every run stops and none starts',
  );
  command(lever, 'show', askingHelp('faultline lever show'))
    .description('tells how it stands and its latest moves')
    .option('--json', 'print as JSON how it stands and its latest moves')
    .action(async (options) => tell(await api().lever(), tellLever, options));
  for (const [name, pulled] of [['pull', true] as const, ['release', false] as const]) {
    command(lever, name, askingHelp(`faultline lever ${name} --reason "sale today"`))
      .description(pulled ? 'stops every run and refuses new ones' : 'lets runs start again')
      .requiredOption('-r, --reason <text>', 'why, for everybody who is stopped or refused', reason)
      .option('--json', 'print as JSON how it stands, and whether this changed it')
      .action(async (options) => tell(await api().moveLever(pulled, options.reason), tellMove, options));
  }
};
