import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import type { LiveRun } from '../../../lambdas/api/answers.ts';
import type { Run } from '../../../lambdas/runs/run.ts';
import { folder, id, reason } from '../arguments.ts';
import type { AddCommand, CommandContext } from '../command.ts';
import { download } from '../download.ts';
import { askingHelp, watchedStatus } from '../help.ts';
import { here } from '../here.ts';
import { listed, tellList, withPages } from '../pages.ts';
import { describeLoad, describeRun } from '../progress.ts';
import { keepReport, withReport } from '../report-options.ts';
import { facts, table, timeText } from '../table.ts';
import { tellStop } from '../tell.ts';
import { follow } from '../watch/follow.ts';
import { verdictText } from '../watch/show-watch.ts';

const downloadsAtOnce = 8;
const everyFile = 10_000;

/** `runs list`, `show`, `stop`, `report`, `evidence`. */
export const addRuns: AddCommand = (program, context) => {
  const { command, tell, exit, clock, paint } = context;
  const runs = command(program, 'runs', askingHelp()).description('runs: one scenario on one target, once');
  const theRun = 'its id, as in runs list';

  withPages(command(runs, 'list', askingHelp('faultline runs list --limit 50')))
    .description('lists them, the latest first')
    .option('--json', 'print as JSON')
    .action(async (options) =>
      tell(
        await listed<Run>(options, (part) => context.api().runs(part)),
        (part) => tellList(part, 'There is no run.', tellRuns),
        options,
      ),
    );
  command(runs, 'show', askingHelp('faultline runs show gd-…-cache-failure --watch', watchedStatus))
    .description('shows one: its phase as it is now, its latest second of load, its verdict')
    .argument('<run>', theRun, id)
    .option('-w, --watch', 'show phases and load until its game-day is over; Ctrl-C leaves it')
    .option('--json', 'print as JSON; with --watch a line for each event')
    .action(async (runId, options) => {
      const api = context.api();
      const run = await api.run(runId);
      if (!options.watch) return tell(run, (found) => tellRun(found, clock.now(), paint), options);
      if (run.gameDayId === null) throw new Error(`run ${runId} is of no game-day, so there is nothing to watch`);
      exit(await follow(run.gameDayId, { ...options, owner: false }, api, context));
    });
  command(runs, 'stop', askingHelp('faultline runs stop gd-…-cache-failure --reason "customers complain"'))
    .description('stops one; its game-day goes on with the next')
    .argument('<run>', theRun, id)
    .option('-r, --reason <text>', 'why, for the report', reason, 'asked at the command line')
    .option('--json', 'print as JSON')
    .action(async (runId, options) => tell(await context.api().stopRun(runId, options.reason), tellStop, options));
  withReport(command(runs, 'report', askingHelp('faultline runs report gd-…-cache-failure --format html -o run.html')))
    .description("the report of a run's game-day")
    .argument('<run>', theRun, id)
    .action((runId, options) => keepReport('runs', runId, options, context));
  command(runs, 'evidence', askingHelp('faultline runs evidence gd-…-cache-failure --out evidence'))
    .description("lists what a run's numbers were made of, or fetches it, as report verify takes it")
    .argument('<run>', theRun, id)
    .option('-o, --out <folder>', 'fetch every file into <folder>/<run>', folder)
    .option('--json', 'print as JSON')
    .action((runId, options) => evidence(runId, options, context));
};

const tellRuns = (items: Run[]) =>
  table(
    ['RUN', 'TARGET', 'PROFILE', 'BEGAN', 'PHASE', 'VERDICT'],
    items.map((run) => [
      run.runId,
      run.targetId,
      run.profile,
      timeText(run.createdAt),
      run.phase,
      run.verdict ?? (run.stopRequested ? 'stopping' : '–'),
    ]),
  );

function tellRun(run: LiveRun, now: number, paint: CommandContext['paint']): string {
  const { stopRequested: stop, verdict, verdictReason } = run;
  const latest = run.phase === 'done' ? undefined : run.windows.at(-1);
  const own = facts([
    ['run', run.runId],
    ['game-day', run.gameDayId],
    ['scenario', `${run.scenario} (${run.profile}) on ${run.targetId}`],
    ['began', timeText(run.createdAt)],
    ['ended', run.endedAt === null ? null : timeText(run.endedAt)],
    ['phase', describeRun(run, undefined, now)],
    ['load', latest ? `${describeLoad(latest)} (at ${timeText(latest.t)})` : null],
    ['stop', stop && `${stop.reason} (${stop.by}, ${timeText(stop.at)})`],
    ['reason', verdictReason],
  ]);
  return verdict === null ? own : `${own}\nverdict   ${verdictText(verdict, paint)}`;
}

async function evidence(
  runId: string,
  { out, json }: { out?: string; json?: boolean },
  { api, tell }: CommandContext,
): Promise<void> {
  const { items } = await listed({ limit: everyFile }, (part) => api().evidence(runId, part));
  if (out === undefined) {
    const rows = items.map(({ path, bytes }) => [path, String(bytes)]);
    return tell({ items }, () => (rows.length > 0 ? table(['FILE', 'BYTES'], rows) : 'There is none yet.'), { json });
  }
  const into = join(out, runId);
  const limit = pLimit(downloadsAtOnce);
  const files = items.map(({ path, url }) => ({ file: join(into, withinRun(path, runId)), url }));
  const fetched = files.map(({ file, url }) =>
    limit(async () => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, await download(url));
    }),
  );
  await Promise.all(fetched);
  const told = { folder: into, files: items.length };
  tell(told, () => `${here(into)}: ${items.length} files; check them: npx faultline report verify ${here(into)}`, {
    json,
  });
}

/** A file's path below its run's folder. @throws Error for one that leads out of it */
function withinRun(path: string, runId: string): string {
  const prefix = `runs/${runId}/`;
  const own = path.slice(prefix.length);
  if (!path.startsWith(prefix) || own.split('/').includes('..')) throw new Error(`${path} is no file of run ${runId}`);
  return own;
}
