import type { z } from 'zod';
import type { targetsSchema, validatedSchema } from '../../../lambdas/api/answers.ts';
import type { Target } from '../../../lambdas/target/target.ts';
import { json } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { exitOf } from '../exit-status.ts';
import { askingHelp } from '../help.ts';
import { table } from '../table.ts';
import { addCheck } from './target/check.ts';
import { addCompile } from './target/compile.ts';

/** `targets list`, `targets show`, `targets validate`; `targets check` and `targets compile` of a faultline.yaml. */
export const addTargets: AddCommand = (program, context) => {
  const { command, api, tell, exit } = context;
  const targets = command(program, 'targets', askingHelp())
    .alias('target')
    .description('the systems under test that are configured');
  command(targets, 'list', askingHelp('faultline targets list'))
    .description('lists them, and whether their configuration holds')
    .option('--json', 'print as JSON')
    .action(async (options) => tell(await api().targets(), ({ items }) => tellTargets(items), options));
  command(targets, 'show', askingHelp('faultline targets show sample'))
    .description("shows a target's configuration, with what is left out filled in (always as JSON)")
    .argument('<target>', 'its id')
    .option('--json', 'as it is anyway')
    .action(async (id) => tell(await api().target(id), asJson, { json: true }));
  command(
    targets,
    'validate',
    askingHelp('faultline targets validate shop.json', '0 it holds, 1 it does not, 2 wrong usage, 3 unreachable.'),
  )
    .description("checks a target's configuration before it is stored")
    .argument('<configuration>', 'a file, or JSON in braces', json)
    .option('--json', 'print as JSON what was found')
    .action(async (configuration, options) => {
      const found = await api().validateTarget(configuration);
      tell(found, tellValidated, options);
      if (!found.valid) exit(exitOf.FAIL);
    });
  for (const add of [addCheck, addCompile]) add(targets, context);
};

const asJson = (target: Target) => JSON.stringify(target, null, 2);

const tellTargets = (items: z.infer<typeof targetsSchema>['items']) =>
  items.length === 0
    ? 'No target is configured.'
    : table(
        ['TARGET', 'VALID', 'ENDPOINT', 'HAS'],
        items.map(({ id, valid, problem, endpoint, has }) => [
          id,
          valid ? 'yes' : `no: ${problem ?? ''}`,
          endpoint ?? '–',
          has.join(', '),
        ]),
      );

function tellValidated({ valid, problems, inapplicable }: z.infer<typeof validatedSchema>): string {
  if (!valid) return ['It does not hold:', ...problems.map((p) => `  ${p.path || '(all)'}: ${p.message}`)].join('\n');
  return ['It holds.', ...inapplicable.map(({ scenario, reason }) => `  ${scenario} is not run: ${reason}`)].join('\n');
}
