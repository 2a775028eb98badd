import { z } from 'zod';
import type { Clock } from '../aws/clock.ts';
import { inOneLine } from '../aws/one-line.ts';
import type { EvidenceClient } from '../evidence/evidence.client.ts';
import type { ChecklistItem } from '../report/report.schema.ts';

/** What a game-day itself does for the execution checklist, and the document's item that it belongs to. */
export const checklistSteps = {
  backup: 'Backup database before testing',
  'told-start': 'Notify team of testing window',
  'told-end': 'Notify team of testing window',
  dashboard: 'Set up monitoring dashboards',
} as const;
export type ChecklistStep = keyof typeof checklistSteps;

const recordSchema = z.object({ item: z.string(), done: z.boolean(), evidence: z.string(), at: z.number() });
export type ChecklistRecord = z.infer<typeof recordSchema>;

export interface Outcome {
  done: boolean;
  /** What shows it, or why it is open. */
  evidence: string;
}

const keyOf = (gameDayId: string, step: ChecklistStep) => `game-days/${gameDayId}/checklist/${step}.json`;

/** Where records are kept: with the game-day's report, whose evidence they are. */
export interface RecordServices {
  evidence: Pick<EvidenceClient, 'get' | 'putFirst'>;
  clock: Clock;
}

/**
 * Does a step, unless it was done already, and keeps what came of it. A step that fails is open, with its error as the
 * reason: no game-day fails for its checklist.
 */
export async function once(
  gameDayId: string,
  step: ChecklistStep,
  work: () => Promise<Outcome>,
  { evidence, clock }: RecordServices,
): Promise<ChecklistRecord> {
  const key = keyOf(gameDayId, step);
  const known = await evidence.get(key);
  if (known !== null) return recordSchema.parse(JSON.parse(known));
  const outcome = await work().catch((error: Error) => ({
    done: false,
    evidence: inOneLine(`${error.name}: ${error.message}`),
  }));
  const record: ChecklistRecord = { item: checklistSteps[step], ...outcome, at: clock.now() };
  return recordSchema.parse(JSON.parse(await evidence.putFirst(key, JSON.stringify(record))));
}

/** Every step of a game-day, as it was recorded; one that the game-day did not come to is open. */
export function recordedSteps(
  gameDayId: string,
  { evidence }: Pick<RecordServices, 'evidence'>,
): Promise<ChecklistItem[]> {
  return Promise.all(
    Object.entries(checklistSteps).map(async ([step, item]) => {
      const text = await evidence.get(keyOf(gameDayId, step as ChecklistStep));
      if (text === null) return { item, done: false, evidence: `not recorded: the game-day did not come to '${step}'` };
      const { done, evidence: why } = recordSchema.parse(JSON.parse(text));
      return { item, done, evidence: why };
    }),
  );
}
