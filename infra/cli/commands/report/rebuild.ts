import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Files } from '../../../../lambdas/bundle/manifest.ts';
import { type Rebuilt, rebuild } from '../../../../lambdas/bundle/rebuild.ts';
import { bundle, folder } from '../../arguments.ts';
import type { AddCommand } from '../../command.ts';
import { reportHelp } from '../../help.ts';
import { here } from '../../here.ts';
import { outputFolder } from '../../output-folder.ts';
import { checkBundle, readBundle } from '../../report-folder.ts';
import { theBundle } from './verify.ts';

const differs = 1;

export const addRebuild: AddCommand = (report, { command, tell, exit, version }) => {
  command(report, 'rebuild', reportHelp)
    .description("makes the report of a game-day, or a run's result, of its evidence again")
    .argument('<bundle>', theBundle, bundle)
    .option('-o, --out <folder>', 'where rebuilt/<id> is written (default: "out")', folder)
    .option('--force', 'of a bundle that is not as it was written too')
    .option('--json', 'print as JSON what was made and whether it is the same')
    .action((path: string, options: { out?: string; force?: boolean; json?: boolean }) => {
      const files = readBundle(path);
      const { sound, problems } = checkBundle(path, files);
      if (!sound && !options.force) {
        throw new Error(
          `the bundle is not as it was written (${problems.length} of its files, see report verify); --force rebuilds it all the same`,
        );
      }
      const made = compare(rebuild(files), files);
      const into = join(options.out ?? outputFolder('out'), 'rebuilt', basename(path));
      write(into, made.texts);
      tell({ folder: into, madeBy: made.madeBy, version, files: made.files }, tellRebuilt, options);
      if (made.files.some(({ same }) => same === false)) exit(differs);
    });
};

/** `same`: null where the bundle has no such file to compare with. */
function compare(made: Rebuilt, files: Files) {
  const compared = [...made.texts].map(([name, text]) => {
    const theirs = files.get(name);
    return { name, same: theirs ? Buffer.from(text).equals(theirs) : null };
  });
  return { ...made, files: compared };
}

function write(into: string, texts: ReadonlyMap<string, string>): void {
  mkdirSync(into, { recursive: true });
  for (const [name, text] of texts) writeFileSync(join(into, name), text);
}

const same = new Map([
  [true, 'the same as in the bundle'],
  [false, 'not the same as in the bundle'],
  [null, 'not in the bundle'],
]);

function tellRebuilt(told: {
  folder: string;
  madeBy: string[];
  version: string;
  files: { name: string; same: boolean | null }[];
}): string {
  const lines = told.files.map((f) => `${join(here(told.folder), f.name)}: ${same.get(f.same)}`);
  const others = told.madeBy.filter((v) => v !== told.version);
  if (others.length > 0) {
    lines.push(
      `Its runs were analysed by version ${others.join(', ')}; this is ${told.version}, which may judge differently.`,
    );
  }
  return lines.join('\n');
}
