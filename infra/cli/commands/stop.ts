import { exampleId, id, reason } from '../arguments.ts';
import type { AddCommand, Api } from '../command.ts';
import { NoDeployment } from '../find-api.ts';
import { askingHelp } from '../help.ts';
import { tellStop } from '../tell.ts';
import { WrongUsage } from '../wrong-usage.ts';

/** `stop`: whatever has that id, or what is going on on this machine. */
export const addStop: AddCommand = (program, { command, env, api, tell }) => {
  command(program, 'stop', askingHelp('faultline stop\nfaultline stop gd-… --reason "customers complain"'))
    .description('asks a running game-day, or one of its runs, to stop: its fault is reverted, its report written')
    .argument('[id]', 'of the game-day or the run (default: the game-day that is going on on this machine)', id)
    .option('-r, --reason <text>', 'why, for the report', reason, 'asked at the command line')
    .option('--json', 'print as JSON what was asked to stop')
    .action(async (named, options) => {
      if (named === undefined && env.FAULTLINE_API) {
        throw new WrongUsage(`stop needs the id of a game-day or a run where FAULTLINE_API is set, as in ${exampleId}`);
      }
      const asked = api();
      tell(await asked.stop(named ?? (await goingOn(asked)), options.reason), tellStop, options);
    });
};

/** The latest game-day that is not over. @throws NoDeployment */
async function goingOn(api: Api): Promise<string> {
  const { items } = await api.gameDays();
  const found = items.find(({ endedAt }) => endedAt === null);
  if (!found) throw new NoDeployment('no game-day is going on here');
  return found.gameDayId;
}
