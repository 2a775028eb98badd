import { bundle } from '../../arguments.ts';
import type { AddCommand } from '../../command.ts';
import { reportHelp } from '../../help.ts';
import { here } from '../../here.ts';
import { checkBundle, readBundle } from '../../report-folder.ts';

export const theBundle = 'the folder of a game-day, as in out/latest, or of one of its runs';

const differs = 1;

export const addVerify: AddCommand = (report, { command, tell, exit }) => {
  command(report, 'verify', reportHelp)
    .description('says which files of a bundle were altered, are missing or were added')
    .argument('<bundle>', theBundle, bundle)
    .option('--json', 'print as JSON what was found')
    .action((path: string, options: { json?: boolean }) => {
      const found = checkBundle(path, readBundle(path));
      tell(found, tellCheck, options);
      if (!found.sound) exit(differs);
    });
};

function tellCheck({ folder, files, manifest, problems }: ReturnType<typeof checkBundle>): string {
  const lines = problems.map(({ path, problem }) => `${problem.padEnd(8)} ${path}`);
  const sum = problems.length > 0 ? `${problems.length} not as they were written` : 'all as they were written';
  const digest = manifest ? `; SHA-256 of its manifest ${manifest}` : '';
  return [...lines, `${here(folder)}: ${files} files, ${sum}${digest}`].join('\n');
}
