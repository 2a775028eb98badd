import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { here } from './here.ts';
import { readSoundBundle } from './report-folder.ts';

export const baselineName = 'baseline.json';

const baselineSchema = z.strictObject({
  schemaVersion: z.literal('1.0.0'),
  /** Absolute paths, and the SHA-256 of each manifest. */
  bundles: z.array(z.strictObject({ folder: z.string().min(1), manifest: z.string().regex(/^[0-9a-f]{64}$/) })).min(1),
});
export type Baseline = z.infer<typeof baselineSchema>;

/** @throws Error where one of them is not as it was written */
export function setBaseline(file: string, folders: readonly string[]): Baseline {
  const bundles = folders.map((folder) => ({ folder, manifest: readSoundBundle(folder).manifest }));
  const baseline: Baseline = { schemaVersion: '1.0.0', bundles };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(baseline, null, 2)}\n`);
  return baseline;
}

/** @throws Error where none is set, or the file holds something else */
export function readBaseline(file: string): Baseline {
  if (!existsSync(file))
    throw new Error(`no baseline is set in ${here(file)}; name earlier bundles, or set one with report baseline`);
  const { success, data } = baselineSchema.safeParse(parsed(readFileSync(file, 'utf8')));
  if (!success) throw new Error(`${here(file)} holds no baseline; set it anew with report baseline`);
  return data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
