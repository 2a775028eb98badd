import { InvalidArgumentError } from 'commander';
import { availableScenarios, scenarioById } from '../../../lambdas/scenarios/registry.ts';
import { runCost } from '../../cost/cost.ts';
import { priceTable } from '../../cost/prices.ts';
import { costText } from '../../cost/text.ts';
import { scenario } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { costHelp } from '../help.ts';
import { profileOption } from '../start-options.ts';

/** `cost`: what a game-day costs in an account, by service, and what AWS' own tools would. */
export const addCost: AddCommand = (program, { command, tell }) => {
  command(program, 'cost', costHelp)
    .description("what a game-day costs in an account, by service, and the same with AWS' own tools")
    .option('-s, --scenario <id>', 'of this scenario (repeatable; default: every available one)', scenario)
    .addOption(profileOption('full'))
    .option('-w, --workers <number>', 'Locust workers, 1 to 200', workers, 2)
    .option('--json', 'print as JSON')
    .action(({ scenario: ids = availableScenarios.map((s) => s.id), profile, workers, json }) => {
      const runs = ids.map((id: (typeof ids)[number]) => runCost(scenarioById(id), profile, workers, priceTable));
      const answer = { profile, workers, region: priceTable.region, asOf: priceTable.asOf, runs };
      tell(answer, () => costText(runs, { profile, workers }, priceTable).trimEnd(), { json });
    });
};

function workers(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) < 1 || Number(text) > 200) {
    throw new InvalidArgumentError('Allowed are whole numbers from 1 to 200.');
  }
  return Number(text);
}
