import type { EvidenceClient } from '../evidence/evidence.client.ts';
import { type BackupRequest, type BackupTaken, backupPrefix } from './backup.ts';
import type { Dump } from './dump-database.ts';

/** Stores a dump, with a manifest of what is in it, for one game-day. */
export async function keepDump(
  dump: Dump,
  { gameDayId, target }: BackupRequest,
  takenAt: number,
  evidence: Pick<EvidenceClient, 'put'>,
): Promise<BackupTaken> {
  const { body, sha256, scriptBytes, version, tables } = dump;
  const object = { key: `${backupPrefix(gameDayId)}database.sql.gz`, bytes: body.length, sha256 };
  await evidence.put(object.key, body, 'application/gzip');
  const manifest = { gameDayId, target, takenAt, version, scriptBytes, object, tables };
  await evidence.put(`${backupPrefix(gameDayId)}manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  const rows = tables.reduce((sum, t) => sum + t.rows, 0);
  return {
    takenAt,
    evidence: `dump of ${tables.length} tables with ${rows} rows from PostgreSQL ${version}`,
    objects: [object],
  };
}
