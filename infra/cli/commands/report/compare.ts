import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Comparison, compare } from '../../../../lambdas/comparison/compare.ts';
import type { Compared } from '../../../../lambdas/comparison/compared.ts';
import { comparedBundle } from '../../../../lambdas/comparison/compared-bundle.ts';
import { comparisonText } from '../../../../lambdas/comparison/comparison-text.ts';
import { bundle, bundles, folder } from '../../arguments.ts';
import { baselineName, readBaseline } from '../../baseline-file.ts';
import type { AddCommand } from '../../command.ts';
import { compareHelp } from '../../help.ts';
import { here } from '../../here.ts';
import { outputFolder } from '../../output-folder.ts';
import { readSoundBundle } from '../../report-folder.ts';
import { theBundle } from './verify.ts';

const somethingIsWorse = 1;

export const addCompare: AddCommand = (report, { command, tell, exit }) => {
  command(report, 'compare', compareHelp)
    .description('says what got better or worse beyond noise since earlier runs, or since the baseline')
    .argument('<bundle>', theBundle, bundle)
    .argument('[earlier...]', 'the same of earlier ones (default: the baseline)', bundles)
    .option('-o, --out <folder>', 'where the baseline is kept (default: "out")', folder)
    .option('--json', 'print as JSON every figure with its difference, its interval and its noise')
    .action((path: string, earlier: string[], options: { out?: string; json?: boolean }) => {
      const file = join(options.out ?? outputFolder('out'), baselineName);
      const others = earlier.length > 0 ? earlier.map(soundly) : baseline(file);
      const found = compare(soundly(path), others);
      if (found.scenarios.length === 0) throw new Error(nothingToCompare(found));
      tell(found, comparisonText, options);
      if (found.summary.worse > 0) exit(somethingIsWorse);
    });
};

function nothingToCompare({ leftOut }: Comparison): string {
  const why = leftOut.map(({ id, reason }) => `${id}: ${reason}`).join('; ');
  return `nothing can be compared (${why || 'they have no scenario in common'})`;
}

const soundly = (path: string): Compared => comparedBundle(readSoundBundle(path).files);

/** @throws Error where a bundle is another one than it was when the baseline was set */
const baseline = (file: string): Compared[] =>
  readBaseline(file).bundles.map(({ folder: path, manifest: expected }) => {
    if (!existsSync(path)) throw new Error(`${here(path)}, a bundle of the baseline, is not there any more`);
    const { files, manifest } = readSoundBundle(path);
    if (manifest !== expected) throw new Error(`${here(path)} is another bundle than when the baseline was set`);
    return comparedBundle(files);
  });
