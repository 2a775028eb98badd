import type { AddCommand } from '../../command.ts';
import { reportHelp } from '../../help.ts';
import { addBaseline } from './baseline.ts';
import { addCompare } from './compare.ts';
import { addRebuild } from './rebuild.ts';
import { addVerify } from './verify.ts';

/** The commands on a bundle's folder, one line each. */
const reportCommands: readonly AddCommand[] = [addVerify, addRebuild, addCompare, addBaseline];

/** `report …`: they read the bundle's own files, and ask nothing and nobody else. */
export const addReport: AddCommand = (program, context) => {
  const report = context
    .command(program, 'report', reportHelp)
    .description(
      "a game-day's evidence: whether it is as it was written, its report made of it again, and what changed since earlier ones",
    );
  for (const add of reportCommands) add(report, context);
};
