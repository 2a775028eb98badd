import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runIdSchema } from '../../../lambdas/runs/run.ts';

const fileOf = (out: string, id: string) => join(out, id, 'report.html');

/** The reports in a folder of game-days, the latest first. */
export function reportsIn(out: string): { id: string; at: number }[] {
  if (!existsSync(out)) return [];
  return readdirSync(out, { withFileTypes: true })
    .filter((e) => e.isDirectory() && runIdSchema.safeParse(e.name).success && existsSync(fileOf(out, e.name)))
    .map(({ name }) => ({ id: name, at: statSync(fileOf(out, name)).mtimeMs / 1000 }))
    .sort((a, b) => b.at - a.at);
}

/** Null for an id that no report has: it comes from an address. */
export const reportText = (out: string, id: string): string | null =>
  reportsIn(out).some((r) => r.id === id) ? readFileSync(fileOf(out, id), 'utf8') : null;
