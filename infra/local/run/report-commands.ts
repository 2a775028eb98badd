import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Command } from 'commander';
import type { Files } from '../../../lambdas/bundle/manifest.ts';
import { type Rebuilt, rebuild } from '../../../lambdas/bundle/rebuild.ts';
import { bundle, folder } from './arguments.ts';
import { reportHelp } from './help.ts';
import { outputFolder } from './output-folder.ts';
import { checkBundle, readBundle } from './report-folder.ts';

interface Told {
  version: string;
  stdout(text: string): void;
  exit(status: number): void;
}

const differs = 1;

/** `report verify` and `report rebuild`: they read the bundle's own files, and ask nothing and nobody else. */
export function addReportCommands(
  add: (parent: Command, name: string, help: string) => Command,
  program: Command,
  io: Told,
): void {
  const report = add(program, 'report', reportHelp).description(
    "a game-day's evidence: whether it is as it was written, and its report made of it again",
  );
  const theBundle = 'the folder of a game-day, as in out/latest, or of one of its runs';

  add(report, 'verify', reportHelp)
    .description('says which files of a bundle were altered, are missing or were added')
    .argument('<bundle>', theBundle, bundle)
    .option('--json', 'print as JSON what was found')
    .action((path: string, { json }: { json?: boolean }) => {
      const found = checkBundle(path, readBundle(path));
      io.stdout(json ? `${JSON.stringify(found, null, 2)}\n` : tellCheck(found));
      if (!found.sound) io.exit(differs);
    });

  add(report, 'rebuild', reportHelp)
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
      const told = { folder: into, madeBy: made.madeBy, version: io.version, files: made.files };
      io.stdout(options.json ? `${JSON.stringify(told, null, 2)}\n` : tellRebuilt(told));
      if (made.files.some(({ same }) => same === false)) io.exit(differs);
    });
}

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

const here = (path: string) => {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
};

function tellCheck({ folder: path, files, manifest, problems }: ReturnType<typeof checkBundle>): string {
  const lines = problems.map(({ path: file, problem }) => `${problem.padEnd(8)} ${file}`);
  const sum = problems.length > 0 ? `${problems.length} not as they were written` : 'all as they were written';
  const digest = manifest ? `; SHA-256 of its manifest ${manifest}` : '';
  return `${[...lines, `${here(path)}: ${files} files, ${sum}${digest}`].join('\n')}\n`;
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
  return `${lines.join('\n')}\n`;
}
