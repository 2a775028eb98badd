import { type Command, Option } from 'commander';
import type { DryRunAnswer } from '../../lambdas/api/answers.ts';
import { type Profile, profiles } from '../../lambdas/scenarios/scenario.ts';
import { idempotencyKey, json, target } from './arguments.ts';
import type { Api } from './command.ts';
import { exitOf } from './exit-status.ts';
import { WrongUsage } from './wrong-usage.ts';

/** `--profile`, with one that holds where nothing is said or without. */
export const profileOption = (usual?: Profile): Option => {
  const option = new Option('-p, --profile <name>', 'durations: quick, or full as in the document').choices(profiles);
  return usual ? option.default(usual) : option;
};

/** What every start may be told, `run` as well as `game-days start` and `schedules create`. */
export const withPlan = (command: Command, overrides: string): Command =>
  command
    .option('-t, --target <id>', 'the target (default: the only one there is)', target)
    .addOption(profileOption())
    .option('--overrides <json>', overrides, json);

/** What those may be told that start at once. */
export const withStart = (command: Command): Command =>
  command
    .option('-w, --watch', 'show phases and load until it is over; Ctrl-C stops it')
    .option('--dry-run', 'tell what would be touched and what would refuse it, and touch nothing')
    .option('--idempotency-key <key>', 'sent again with the same key it is the same start, for a day', idempotencyKey);

/** The target that was named, or the only one that there is. @throws WrongUsage where there are several, or none */
export async function targetOf(api: Api, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const { items } = await api.targets();
  const [only, ...more] = items.map(({ id }) => id);
  if (only !== undefined && more.length === 0) return only;
  const there = only === undefined ? 'none is configured' : `there are ${[only, ...more].join(', ')}`;
  throw new WrongUsage(`name the target with --target: ${there}`);
}

/** What a dry run ends with. */
export const refusedStatus = ({ refusals }: DryRunAnswer): number => (refusals.length > 0 ? exitOf.ERROR : exitOf.PASS);
