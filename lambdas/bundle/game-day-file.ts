import { z } from 'zod';
import type { ReportInput } from '../report/build-report.ts';
import { runIdSchema } from '../runs/run.ts';
import { withoutCredentials } from './without-credentials.ts';

export const gameDayName = 'game-day.json';

/** What a game-day's report is made of beside the results of its runs: `game-day.json`. */
export type GameDayFile = Omit<ReportInput, 'results' | 'earlier'> & {
  /** The runs with a result. */
  runs: string[];
};

export function gameDayText({ results, earlier: _, target, ...input }: ReportInput): string {
  const { id, endpoint, rpoSeconds, rtoSeconds } = target;
  const runs = results.map(({ runId }) => runId);
  const file: GameDayFile = { ...input, target: { id, endpoint, rpoSeconds, rtoSeconds }, runs };
  return withoutCredentials(`${JSON.stringify(file, null, 2)}\n`);
}

const gameDayFileSchema = z.looseObject({ gameDayId: runIdSchema, runs: z.array(runIdSchema) });

/** The report's own schema says whether the rest is as it should be. @throws SyntaxError or ZodError */
export const readGameDay = (text: string): GameDayFile =>
  gameDayFileSchema.parse(JSON.parse(text)) as unknown as GameDayFile;
