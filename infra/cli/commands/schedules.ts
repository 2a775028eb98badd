import { Option } from 'commander';
import { concurrencyPolicies, type Schedule } from '../../../lambdas/schedules/schedule.ts';
import { scheduleName } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { gameDayPlan, withGameDayPlan } from '../game-day-options.ts';
import { askingHelp } from '../help.ts';
import { listed, tellList, withPages } from '../pages.ts';
import { targetOf } from '../start-options.ts';
import { facts, table, timeText } from '../table.ts';

/** `schedules create`, `list`, `show`, `pause`, `resume`, `delete`. */
export const addSchedules: AddCommand = (program, { command, api, tell }) => {
  const schedules = command(program, 'schedules', askingHelp()).description('game-days that the clock starts');
  const create = command(
    schedules,
    'create',
    askingHelp(
      "faultline schedules create weekly --expression 'cron(0 9 ? * MON *)' \\\n" +
        '  --time-zone Europe/Berlin --suite weekly\n' +
        "faultline schedules create often -e 'rate(7 days)' -s control --paused",
    ),
  )
    .description('makes one')
    .argument('<name>', 'its name', scheduleName)
    .requiredOption('-e, --expression <text>', 'when: rate(…), cron(…) or at(…), as EventBridge Scheduler has them')
    .option('-z, --time-zone <zone>', 'an IANA time zone', 'UTC')
    .addOption(
      new Option('--concurrency <policy>', 'a start while a game-day goes on: is left out, or waits')
        .choices(concurrencyPolicies)
        .default('forbid'),
    )
    .option('--paused', 'it starts nothing until it is resumed')
    .option('--json', 'print as JSON');
  withGameDayPlan(create).action(async (name, options) => {
    const { expression, timeZone, concurrency, paused = false } = options;
    const asked = api();
    const plan = gameDayPlan(await targetOf(asked, options.target), options);
    const made = await asked.createSchedule({ name, expression, timeZone, concurrency, paused, ...plan });
    tell(made, tellSchedule, options);
  });
  withPages(command(schedules, 'list', askingHelp('faultline schedules list')))
    .description('lists them by name, the last of the alphabet first')
    .option('--json', 'print as JSON')
    .action(async (options) =>
      tell(
        await listed<Schedule>(options, (part) => api().schedules(part)),
        (part) => tellList(part, 'There is no schedule.', tellSchedules),
        options,
      ),
    );
  const one = (verb: string, does: string) =>
    command(schedules, verb, askingHelp(`faultline schedules ${verb} weekly`))
      .description(does)
      .argument('<name>', 'its name', scheduleName)
      .option('--json', 'print as JSON');
  one('show', 'shows one, and what came of it last').action(async (name, options) =>
    tell(await api().schedule(name), tellSchedule, options),
  );
  one('pause', 'pauses one: it starts nothing until it is resumed').action(async (name, options) =>
    tell(await api().pauseSchedule(name), tellSchedule, options),
  );
  one('resume', 'resumes one that was paused').action(async (name, options) =>
    tell(await api().resumeSchedule(name), tellSchedule, options),
  );
  one('delete', 'deletes one; game-days that it has started go on').action(async (name, options) => {
    await api().deleteSchedule(name);
    tell({ name, deleted: true }, () => `Schedule ${name} is deleted.`, options);
  });
};

const what = ({ suite, scenarios }: Schedule) => suite ?? scenarios?.join(', ') ?? 'every scenario';
const lastOf = ({ last }: Schedule) => (last === null ? '–' : `${last.outcome} ${timeText(last.at)}`);

const tellSchedules = (items: Schedule[]) =>
  table(
    ['SCHEDULE', 'WHEN', 'TIME ZONE', 'STATE', 'TARGET', 'RUNS', 'LAST'],
    items.map((s) => [s.name, s.expression, s.timeZone, s.paused ? 'paused' : 'on', s.target, what(s), lastOf(s)]),
  );

const tellSchedule = (s: Schedule) =>
  facts([
    ['schedule', `${s.name}${s.paused ? ' (paused)' : ''}`],
    ['when', `${s.expression} ${s.timeZone}`],
    ['starts', `${what(s)} on ${s.target}`],
    ['meanwhile', s.concurrency === 'forbid' ? 'left out while a game-day goes on' : 'waits while a game-day goes on'],
    ['made', `${timeText(s.createdAt)} by ${s.createdBy}`],
    ['last', lastOf(s)],
    ['game-day', s.last?.gameDayId ?? null],
    ['reason', s.last?.reason ?? null],
  ]);
