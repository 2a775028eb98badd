import type { Command } from 'commander';
import type { Clock } from '../../lambdas/aws/clock.ts';
import type { OperatorApi } from '../../lambdas/operator/operator-api.client.ts';
import type { TargetChecks } from '../../lambdas/target/check-target.ts';
import type { LocalConfig } from '../local/run/local-config.ts';
import type { LocalGameDayOptions } from '../local/run/local-game-day.ts';
import type { UpOptions } from '../local/run/up.ts';
import type { Display } from './display.ts';
import type { StopSignal } from './stop-signal.ts';

/** The API of what is asked: its methods, whoever answers. */
export type Api = Pick<OperatorApi, keyof OperatorApi>;

/** What works on this machine, with a local stack; each returns the exit status. */
export interface LocalCommands {
  start(options: LocalGameDayOptions & { json: boolean }): Promise<number>;
  dryRun(options: Omit<LocalGameDayOptions, 'out'> & { json: boolean }): Promise<number>;
  up(options: UpOptions): Promise<number>;
  /** Of the target of a configuration: started on this machine (null: stopped meanwhile), or where its team runs it. */
  checkLocally(config: LocalConfig): Promise<TargetChecks | null>;
  checkInAccount(config: Pick<LocalConfig, 'config'>): Promise<TargetChecks>;
}

/** What the command line is given by its entry; tests give it other things. */
export interface CommandLine {
  version: string;
  env: NodeJS.ProcessEnv;
  stdout(text: string): void;
  stderr(text: string): void;
  /** What a person types, and whether there is one. */
  input: NodeJS.ReadableStream;
  isTerminal: boolean;
  /** A text as it looks at a terminal that has colours; elsewhere as it is. */
  paint(style: 'green' | 'red' | 'yellow' | 'bold', text: string): string;
  /** How what takes time shows itself, on the standard output. */
  display(): Display;
  clock: Clock;
  /** What a person asks for from now on, by Ctrl-C. */
  stopSignal(): StopSignal;
  /** Null in an installed package, which has no local stack. */
  local: LocalCommands | null;
  /**
   * The deployment that the environment names, else what runs on this machine.
   * @throws RangeError where the environment makes no sense, NoDeployment
   */
  api(): Api;
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
