import { exampleId, id, reason } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { NoDeployment } from '../find-api.ts';
import { askingHelp } from '../help.ts';
import { tellStop } from '../tell.ts';
import { WrongUsage } from '../wrong-usage.ts';

/** `stop`: whatever has that id, or what is going on on this machine. */
export const addStop: AddCommand = (program, { command, env, deployment, tell }) => {
  command(program, 'stop', askingHelp('asked'))
    .description('asks a running game-day, or one of its runs, to stop: its fault is reverted, its report written')
    .argument('[id]', 'of the game-day or the run (default: the game-day that is going on on this machine)', id)
    .option('-r, --reason <text>', 'why, for the report', reason, 'asked at the command line')
    .option('--json', 'print as JSON what was asked to stop')
    .action(async (named, options) => {
      if (named === undefined && env.FAULTLINE_API) {
        throw new WrongUsage(`stop needs the id of a game-day or a run where FAULTLINE_API is set, as in ${exampleId}`);
      }
      const { api, gameDayId } = deployment();
      const stopped = named ?? gameDayId;
      if (stopped === null) throw new NoDeployment('the run that is going on here has started no game-day');
      tell(await api.stop(stopped, options.reason), tellStop, options);
    });
};
