import type { AddCommand } from './command.ts';
import { addCost } from './commands/cost.ts';
import { addGameDays } from './commands/game-days.ts';
import { addInit } from './commands/init.ts';
import { addLever } from './commands/lever.ts';
import { addReport } from './commands/report/report.ts';
import { addRun } from './commands/run.ts';
import { addRuns } from './commands/runs.ts';
import { addScenarios } from './commands/scenarios.ts';
import { addSchedules } from './commands/schedules.ts';
import { addStart } from './commands/start.ts';
import { addStop } from './commands/stop.ts';
import { addSuites } from './commands/suites.ts';
import { addTargets } from './commands/targets.ts';
import { addUp } from './commands/up.ts';

/** Every command, in the order of the help text. A group lists its own: see `commands/report/report.ts`. */
export const commands: readonly AddCommand[] = [
  addStart,
  addUp,
  addRun,
  addStop,
  addRuns,
  addGameDays,
  addSchedules,
  addLever,
  addScenarios,
  addSuites,
  addTargets,
  addCost,
  addInit,
  addReport,
];
