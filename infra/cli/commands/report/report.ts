import type { AddCommand } from '../../command.ts';
import { reportHelp } from '../../help.ts';
import { addRebuild } from './rebuild.ts';
import { addVerify } from './verify.ts';

/** The commands on a bundle's folder, one line each. */
const reportCommands: readonly AddCommand[] = [addVerify, addRebuild];

/** `report …`: they read the bundle's own files, and ask nothing and nobody else. */
export const addReport: AddCommand = (program, context) => {
  const report = context
    .command(program, 'report', reportHelp)
    .description("a game-day's evidence: whether it is as it was written, and its report made of it again");
  for (const add of reportCommands) add(report, context);
};
