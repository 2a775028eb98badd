import { type Command, Option } from 'commander';
import { stopOnFailurePolicies } from '../../lambdas/game-day/game-day.ts';
import type { StartBody } from '../../lambdas/game-day/start-body.ts';
import { count, scenario } from './arguments.ts';
import { withPlan } from './start-options.ts';

/** What a game-day is made of, whoever starts it. */
export const withGameDayPlan = (command: Command): Command =>
  withPlan(
    command
      .addOption(new Option('--suite <id>', 'the runs of a suite').conflicts('scenario'))
      .option('-s, --scenario <id>', 'run this scenario (repeatable; default: every available one)', scenario)
      .option('--cool-down <seconds>', "from one run's end to the next one's start", count(0, 3600))
      .addOption(
        new Option('--stop-on-failure <policy>', 'no run follows one that was inconclusive, or a FAIL either').choices(
          stopOnFailurePolicies,
        ),
      ),
    'by scenario: JSON {"<id>":{"parameters","seconds","load"}} or its file',
  );

export interface GameDayOptions {
  suite?: string;
  scenario?: StartBody['scenarios'];
  profile?: StartBody['profile'];
  coolDown?: number;
  stopOnFailure?: StartBody['stopOnFailure'];
  overrides?: Record<string, unknown>;
}

/** The API's body of these options; what was not said is not in it. */
export const gameDayPlan = (target: string, options: GameDayOptions): StartBody => ({
  target,
  suite: options.suite,
  scenarios: options.scenario,
  profile: options.profile,
  coolDownSeconds: options.coolDown,
  stopOnFailure: options.stopOnFailure,
  // The API says what is wrong with them, as it knows the scenarios that are deployed.
  overrides: options.overrides as StartBody['overrides'],
});
