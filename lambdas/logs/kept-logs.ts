import { z } from 'zod';

export const logLineSchema = z.object({
  /** Epoch seconds. */
  at: z.number(),
  stream: z.string(),
  message: z.string(),
});
export type LogLine = z.infer<typeof logLineSchema>;

const columnSchema = z.object({
  /** Epoch seconds. */
  from: z.number(),
  to: z.number(),
  lines: z.int(),
  /** There was more than is kept: what is kept is the first of it. */
  cut: z.boolean(),
});
export type LogColumn = z.infer<typeof columnSchema>;

/** What was kept of one log group; a column is null where the run did not get there. */
export const keptGroupSchema = z.object({
  group: z.string(),
  /** Why there is less than the group may have held. */
  problem: z.string().nullable(),
  columns: z.object({
    before: columnSchema.nullable(),
    during: columnSchema.nullable(),
    after: columnSchema.nullable(),
  }),
});
export type KeptGroup = z.infer<typeof keptGroupSchema>;

export interface KeptLog extends KeptGroup {
  lines: LogLine[];
}

const folder = 'logs/';
/** Of a run's evidence. */
export const logIndexName = `${folder}index.json`;

/** A group's name is a path; its file's is none. The number tells those apart that would be the same. */
export const logFileName = (index: number, group: string) =>
  `${folder}${index + 1}-${group.replaceAll(/[^A-Za-z0-9.-]+/g, '-').replaceAll(/^-|-$/g, '')}.jsonl`;

/** What was kept of a run's logs, from its files by name; empty where nothing was. */
export function keptLogs(textOf: (name: string) => string | null): KeptLog[] {
  const index = textOf(logIndexName);
  if (index === null) return [];
  return z
    .array(keptGroupSchema)
    .parse(JSON.parse(index))
    .map((kept, number) => {
      const lines = (textOf(logFileName(number, kept.group)) ?? '').split('\n').filter(Boolean);
      return { ...kept, lines: lines.map((line) => logLineSchema.parse(JSON.parse(line))) };
    });
}
