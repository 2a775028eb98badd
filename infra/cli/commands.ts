import type { AddCommand } from './command.ts';
import { addLever } from './commands/lever.ts';
import { addReport } from './commands/report/report.ts';
import { addStart } from './commands/start.ts';
import { addStop } from './commands/stop.ts';

/** Every command, in the order of the help text. A group lists its own: see `commands/report/report.ts`. */
export const commands: readonly AddCommand[] = [addStart, addStop, addLever, addReport];
