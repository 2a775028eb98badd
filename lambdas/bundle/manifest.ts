import { createHash } from 'node:crypto';
import { z } from 'zod';
import { runIdSchema } from '../runs/run.ts';

export const manifestName = 'manifest.json';

/** The files of a bundle, each by its path in it. */
export type Files = ReadonlyMap<string, Uint8Array>;

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const manifestSchema = z.strictObject({
  schemaVersion: z.literal('1.0.0'),
  kind: z.enum(['run', 'game-day']),
  id: runIdSchema,
  files: z.array(z.strictObject({ path: z.string().min(1), bytes: z.int().nonnegative(), sha256: digest })),
  /** Of all that stands above it. */
  sha256: digest,
});
export type Manifest = z.infer<typeof manifestSchema>;

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** What the files are: their sizes and digests, in the order of their paths. */
export function manifestOf(of: Pick<Manifest, 'kind' | 'id'>, files: Files): Manifest {
  const listed = {
    schemaVersion: '1.0.0' as const,
    ...of,
    files: [...files]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, bytes]) => ({ path, bytes: bytes.length, sha256: sha256(bytes) })),
  };
  return { ...listed, sha256: ownDigest(listed) };
}

const ownDigest = ({ schemaVersion, kind, id, files }: Omit<Manifest, 'sha256'>) =>
  sha256(JSON.stringify({ schemaVersion, kind, id, files }));

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

/** The manifest, or null for anything that is not, to the last byte, a manifest as it was written. */
export function readManifest(bytes: Uint8Array): Manifest | null {
  const text = Buffer.from(bytes).toString('utf8');
  const { success, data } = manifestSchema.safeParse(parsed(text));
  return success && data.sha256 === ownDigest(data) && manifestText(data) === text ? data : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
