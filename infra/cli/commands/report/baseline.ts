import { join } from 'node:path';
import { plural } from '../../../../lambdas/analysis/format.ts';
import { bundles, folder } from '../../arguments.ts';
import { type Baseline, baselineName, readBaseline, setBaseline } from '../../baseline-file.ts';
import type { AddCommand } from '../../command.ts';
import { baselineHelp } from '../../help.ts';
import { here } from '../../here.ts';
import { outputFolder } from '../../output-folder.ts';

export const addBaseline: AddCommand = (report, { command, tell }) => {
  command(report, 'baseline', baselineHelp)
    .description('sets what report compare compares with where it is given nothing else, or shows it')
    .argument('[bundles...]', 'the folders of game-days or runs (default: show what is set)', bundles)
    .option('-o, --out <folder>', 'where it is kept (default: "out")', folder)
    .option('--json', 'print as JSON what is set')
    .action((named: string[], options: { out?: string; json?: boolean }) => {
      const file = join(options.out ?? outputFolder('out'), baselineName);
      tell(named.length > 0 ? setBaseline(file, named) : readBaseline(file), tellBaseline, options);
    });
};

const tellBaseline = ({ bundles: set }: Baseline): string =>
  [`The baseline is ${plural(set.length, 'bundle')}:`, ...set.map((b) => `  ${here(b.folder)}`)].join('\n');
