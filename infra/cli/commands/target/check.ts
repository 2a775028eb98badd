import type { TargetChecks } from '../../../../lambdas/target/check-target.ts';
import { readConfig } from '../../../../lib/config/read-config.ts';
import { readLocalConfig } from '../../../local/run/local-config.ts';
import type { AddCommand } from '../../command.ts';
import { exitOf } from '../../exit-status.ts';
import { targetHelp } from '../../help.ts';
import { localOnly, ownStackOnly } from '../../local-only.ts';

const missing = 1;

/** `target check`: each piece by itself, on this machine or in an account. */
export const addCheck: AddCommand = (parent, { command, env, tell, exit, local }) => {
  command(parent, 'check', targetHelp)
    .description('proves each piece of a target: reachable, tagged, its signals there, Faultline allowed to fault it')
    .option('-c, --config <file>', 'the configuration', 'faultline.yaml')
    .option('--account', 'the target where its team runs it, from here, with the AWS credentials of the environment')
    .option('--json', 'print as JSON what was found')
    .action(async (options: { config: string; account?: boolean; json?: boolean }) => {
      const { checkInAccount, checkLocally } = localOnly(local, 'targets check');
      if (!options.account) ownStackOnly(env, 'targets check');
      const found = options.account
        ? await checkInAccount(readConfig(options.config))
        : await checkLocally(readLocalConfig(options.config));
      if (found === null) return exit(exitOf.ABORTED);
      tell(found, tellChecks, options);
      if (!found.ok) exit(missing);
    });
};

export function tellChecks({ target, checks, inapplicable }: TargetChecks): string {
  const wrong = checks.filter(({ ok }) => !ok).length;
  return [
    ...checks.map(({ part, ok, detail }) => `${ok ? 'ok     ' : 'MISSING'} ${part}: ${detail}`),
    ...inapplicable.map(({ scenario, reason }) => `N/A     ${scenario}: ${reason}`),
    wrong === 0
      ? `Target '${target}' is all there (${checks.length} checks).`
      : `Target '${target}': ${wrong} of ${checks.length} checks found something missing.`,
  ].join('\n');
}
