import { z } from 'zod';

/** Where a game-day's backup is in the evidence bucket. */
export const backupPrefix = (gameDayId: string) => `backups/${gameDayId}/`;

/** One object in the evidence bucket, as whoever put it there tells of it. */
export const backupObjectSchema = z.strictObject({
  key: z.string().startsWith('backups/').max(900),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * What a hook answers: when its backup was taken (epoch seconds), what it is in a line, and its objects in the evidence
 * bucket. A backup that is kept elsewhere has none, and says in its line where it is.
 */
export const backupTakenSchema = z.strictObject({
  takenAt: z.number().positive(),
  evidence: z.string().min(1).max(500),
  objects: z.array(backupObjectSchema).max(100),
});
export type BackupTaken = z.infer<typeof backupTakenSchema>;

/** What a hook is called with. */
export interface BackupRequest {
  gameDayId: string;
  target: string;
}
