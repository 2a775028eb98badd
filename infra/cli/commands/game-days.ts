import type { z } from 'zod';
import type { startedSchema } from '../../../lambdas/api/answers.ts';
import type { GameDay } from '../../../lambdas/game-day/game-day.ts';
import { id, reason } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { gameDayPlan, withGameDayPlan } from '../game-day-options.ts';
import { askingHelp, startedStatus, watchedStatus } from '../help.ts';
import { listed, tellList, withPages } from '../pages.ts';
import { keepReport, withReport } from '../report-options.ts';
import { refusedStatus, targetOf, withStart } from '../start-options.ts';
import { facts, table, timeText } from '../table.ts';
import { tellDryRun, tellStop } from '../tell.ts';
import { follow } from '../watch/follow.ts';

/** `game-days start`, `list`, `show`, `stop`, `report`. */
export const addGameDays: AddCommand = (program, context) => {
  const { command, tell, exit } = context;
  const gameDays = command(program, 'game-days', askingHelp()).description('game-days: runs with one combined report');
  const theGameDay = 'its id, as in game-days list';

  const start = command(
    gameDays,
    'start',
    askingHelp(
      'faultline game-days start --suite weekly --watch\n' +
        'faultline game-days start -s control -s cache-failure --stop-on-failure fail',
      startedStatus,
    ),
  )
    .description('starts one, of a suite or of scenarios')
    .option('--json', 'print as JSON what was started; with --watch a line for each event');
  withStart(withGameDayPlan(start)).action(async (options) => {
    const api = context.api();
    const plan = gameDayPlan(await targetOf(api, options.target), options);
    if (options.dryRun) {
      const found = await api.dryRun(plan);
      tell(found, tellDryRun, options);
      return exit(refusedStatus(found));
    }
    const started = await api.start(plan, options.idempotencyKey);
    if (options.watch) return exit(await follow(started.gameDayId, { ...options, owner: true }, api, context));
    tell(started, tellGameDayStarted, options);
  });
  withPages(command(gameDays, 'list', askingHelp('faultline game-days list')))
    .description('lists them, the latest first')
    .option('--json', 'print as JSON')
    .action(async (options) =>
      tell(
        await listed<GameDay>(options, (part) => context.api().gameDays(part)),
        (part) => tellList(part, 'There is no game-day.', tellGameDays),
        options,
      ),
    );
  command(gameDays, 'show', askingHelp('faultline game-days show gd-… --watch', watchedStatus))
    .description('shows one: what it is made of and how far it is')
    .argument('<game-day>', theGameDay, id)
    .option('-w, --watch', 'show phases and load until it is over; Ctrl-C leaves it')
    .option('--json', 'print as JSON; with --watch a line for each event')
    .action(async (gameDayId, options) => {
      const api = context.api();
      if (options.watch) return exit(await follow(gameDayId, { ...options, owner: false }, api, context));
      tell(await api.gameDay(gameDayId), tellGameDay, options);
    });
  command(gameDays, 'stop', askingHelp('faultline game-days stop gd-… --reason "customers complain"'))
    .description('stops one: its present run is reverted and reported, and no more of them start')
    .argument('<game-day>', theGameDay, id)
    .option('-r, --reason <text>', 'why, for the report', reason, 'asked at the command line')
    .option('--json', 'print as JSON')
    .action(async (gameDayId, options) =>
      tell(await context.api().stopGameDay(gameDayId, options.reason), tellStop, options),
    );
  withReport(command(gameDays, 'report', askingHelp('faultline game-days report gd-… --format html -o report.html')))
    .description('its report')
    .argument('<game-day>', theGameDay, id)
    .action((gameDayId, options) => keepReport('game-days', gameDayId, options, context));
};

function tellGameDayStarted({ gameDayId, runs, inapplicable }: z.infer<typeof startedSchema>): string {
  return [
    `Started game-day ${gameDayId}; watch it: npx faultline game-days show ${gameDayId} --watch`,
    ...runs.map(({ runId }) => `  ${runId}`),
    ...inapplicable.map(({ scenario, reason }) => `  ${scenario} is not run: ${reason}`),
  ].join('\n');
}

const standOf = ({ endedAt, stopRequested }: GameDay) =>
  [endedAt === null ? 'goes on' : 'over', ...(stopRequested ? ['stopped'] : [])].join(', ');
const whoOf = ({ startedBy }: GameDay) => startedBy?.split('/').at(-1) ?? '–';

const tellGameDays = (items: GameDay[]) =>
  table(
    ['GAME-DAY', 'TARGET', 'PROFILE', 'RUNS', 'STARTED', 'BY', 'STATE'],
    items.map((g) => [
      ...[g.gameDayId, g.target, g.profile, g.suite ?? String(g.runs.length)],
      ...[timeText(g.startedAt), whoOf(g), standOf(g)],
    ]),
  );

function tellGameDay(gameDay: GameDay): string {
  const { stopRequested: stop } = gameDay;
  return [
    facts([
      ['game-day', gameDay.gameDayId],
      ['target', `${gameDay.target} (${gameDay.profile})`],
      ['suite', gameDay.suite],
      ['started', `${timeText(gameDay.startedAt)} by ${gameDay.startedBy ?? 'somebody unknown'}`],
      ['ended', gameDay.endedAt === null ? null : timeText(gameDay.endedAt)],
      ['state', standOf(gameDay)],
      ['stop', stop && `${stop.reason} (${stop.by}, ${timeText(stop.at)})`],
    ]),
    ...gameDay.runs.map(({ runId }) => `  ${runId}`),
    ...gameDay.inapplicable.map(({ scenario, reason: why }) => `  ${scenario} is not run: ${why}`),
  ].join('\n');
}
