import type { z } from 'zod';
import type { suiteSchema } from '../../../lambdas/api/answers.ts';
import type { AddCommand } from '../command.ts';
import { askingHelp } from '../help.ts';
import { facts, table } from '../table.ts';

type Suite = z.infer<typeof suiteSchema>;

/** `suites list`, `suites show`. */
export const addSuites: AddCommand = (program, { command, api, tell }) => {
  const suites = command(program, 'suites', askingHelp()).description('game-days that can be started by a name');
  command(suites, 'list', askingHelp('faultline suites list'))
    .description('lists them')
    .option('--json', 'print as JSON')
    .action(async (options) => tell(await api().suites(), ({ items }) => tellSuites(items), options));
  command(suites, 'show', askingHelp('faultline suites show weekly'))
    .description('shows one: order, pause, what ends it, overrides')
    .argument('<suite>', 'its id')
    .option('--json', 'print as JSON')
    .action(async (id, options) => tell(await api().suite(id), tellSuite, options));
};

const tellSuites = (items: readonly Suite[]) =>
  table(
    ['SUITE', 'PROFILE', 'RUNS', 'TITLE'],
    items.map(({ id, profile, runs, title }) => [id, profile, String(runs.length), title]),
  );

function tellSuite({ id, title, description, profile, runs, coolDownSeconds, stopOnFailure }: Suite): string {
  const lines = runs.map(
    ({ scenario, overrides }) => `  ${scenario}${overrides ? `  ${JSON.stringify(overrides)}` : ''}`,
  );
  return [
    facts([
      ['suite', `${id}: ${title}`],
      ['about', description],
      ['profile', profile],
      ['pause', `${coolDownSeconds} s between runs`],
      ['ended by', stopOnFailure === 'never' ? 'nothing: every run follows' : stopOnFailure],
    ]),
    'runs',
    ...lines,
  ].join('\n');
}
