import type { Clock } from '../aws/clock.ts';
import type { EvidenceClient } from '../evidence/evidence.client.ts';
import type { BackupSource, Target } from '../target/target.ts';
import type { BackupTaken } from './backup.ts';
import type { BackupHooksClient } from './backup-hooks.client.ts';
import type { RecoveryPointsClient } from './recovery-points.client.ts';

export interface BackupServices {
  recoveryPoints: Pick<RecoveryPointsClient, 'latest'>;
  hooks: Pick<BackupHooksClient, 'run'>;
  evidence: Pick<EvidenceClient, 'digest'>;
  clock: Clock;
}

/** There is no backup that the game-day could rely on; the message says what is missing. */
export class NoBackup extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoBackup';
  }
}

/**
 * Finds a recovery point that is young enough, or has a backup made and reads back what was stored of it.
 * @returns what there is, in a line
 * @throws NoBackup, BackupHookFailed
 */
export function backUp(target: Target, gameDayId: string, services: BackupServices): Promise<string> {
  const { backup } = target;
  if (!target.database) throw new NoBackup('the target has no database');
  if (!backup) throw new NoBackup("the target's configuration says nothing of a backup");
  return 'hook' in backup
    ? byHook(backup.hook, { gameDayId, target: target.id }, services)
    : byRecoveryPoint(backup, target, services);
}

async function byRecoveryPoint(
  { resourceArn, maximumAgeSeconds }: Extract<BackupSource, { resourceArn: string }>,
  { rpoSeconds }: Target,
  { recoveryPoints, clock }: BackupServices,
): Promise<string> {
  const limit = maximumAgeSeconds ?? Math.min(...Object.values(rpoSeconds));
  const point = await recoveryPoints.latest(resourceArn);
  if (!point) throw new NoBackup(`AWS Backup has no complete recovery point of ${resourceArn}`);
  const age = Math.round(clock.now() - point.createdAt);
  const text = `${point.arn} is ${age} s old`;
  if (age > limit) throw new NoBackup(`the latest recovery point ${text}; it may be ${limit} s at most`);
  return `recovery point ${text}, within ${limit} s`;
}

async function byHook(
  hook: string,
  request: { gameDayId: string; target: string },
  { hooks, evidence }: BackupServices,
): Promise<string> {
  const { objects, evidence: told, takenAt }: BackupTaken = await hooks.run(hook, request);
  for (const { key, bytes, sha256 } of objects) {
    const found = await evidence.digest(key);
    if (!found) throw new NoBackup(`${hook} says that it stored ${key}, which is not there`);
    if (found.bytes !== bytes || found.sha256 !== sha256)
      throw new NoBackup(`${key} is not what ${hook} says that it stored`);
  }
  const stored = objects.map(({ key, bytes, sha256 }) => `${key} (${bytes} bytes, SHA-256 ${sha256}, read back)`);
  return [`${told}, taken at ${new Date(takenAt * 1000).toISOString()}`, ...stored].join('; ');
}
