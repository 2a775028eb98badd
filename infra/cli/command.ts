import type { Command } from 'commander';
import type { OperatorApi } from '../../lambdas/operator/operator-api.client.ts';
import type { LocalGameDayOptions } from '../local/run/local-game-day.ts';

/** What the command line is given by its entry; tests give it other things. */
export interface CommandLine {
  version: string;
  env: NodeJS.ProcessEnv;
  stdout(text: string): void;
  stderr(text: string): void;
  /** These two run on this machine and return the exit status. */
  start(options: LocalGameDayOptions & { json: boolean }): Promise<number>;
  dryRun(options: Omit<LocalGameDayOptions, 'out'> & { json: boolean }): Promise<number>;
  /**
   * A running deployment, and the game-day of the one on this machine, null where it has started none.
   * @throws RangeError where the environment makes no sense
   */
  deployment(): { api: Pick<OperatorApi, 'stop' | 'lever' | 'moveLever'>; gameDayId: string | null };
}

/** What a command does its work with. */
export interface CommandContext extends CommandLine {
  /**
   * A command below another, with what all of them have in common: wrong usage is one line, and nothing more than the
   * declared arguments is taken.
   * @param help follows the options in its help text: examples, environment, exit status
   */
  command(parent: Command, name: string, help: string): Command;
  /** Prints an answer: as JSON for scripts, or as text for people. */
  tell<T>(answer: T, text: (answer: T) => string, options: { json?: boolean }): void;
  /** What the command line ends with; 0 where nobody says otherwise. What is thrown is told, and ends it with 2 or 3. */
  exit(status: number): void;
}

/** Adds one command, or a group of them, below `parent`. A new one takes a line in its parent's list. */
export type AddCommand = (parent: Command, context: CommandContext) => void;
