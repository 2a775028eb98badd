import { type BackupServices, backUp } from '../backup/back-up.ts';
import type { GameDay } from '../game-day/game-day.ts';
import type { AnnounceServices } from '../notifications/announce.ts';
import { gameDayStarted } from '../notifications/of-game-day.ts';
import type { Services } from '../runs/run-context.ts';
import { whileLeased } from '../safety/heartbeat.ts';
import { stopGameDay } from '../safety/stop-game-day.ts';
import { type ChecklistRecord, once } from './checklist-records.ts';
import type { DashboardsClient } from './dashboards.client.ts';
import { tell } from './tell.ts';

export interface BeginServices
  extends Pick<Services, 'gameDays' | 'runs' | 'leases' | 'evidence' | 'clock' | 'target'>,
    Pick<BackupServices, 'recoveryPoints' | 'hooks'>,
    AnnounceServices {
  dashboards: Pick<DashboardsClient, 'widgets'>;
  /** The dashboard's name. */
  dashboard: string;
}

/**
 * What a game-day does before its first run: the team is told, the dashboard is looked at, and the database is backed
 * up. What could not be done is open in the report, with the reason. Only a backup that the target's owner requires
 * keeps the runs from starting.
 */
export async function begin(gameDayId: string, services: BeginServices): Promise<{ backedUp: boolean }> {
  const gameDay = await services.gameDays.get(gameDayId);
  // Its first run has the target already, and nobody else keeps that lease alive meanwhile.
  return whileLeased({ ...services, run: gameDay.runs[0]! }, () => steps(gameDay, services));
}

async function steps(gameDay: GameDay, services: BeginServices): Promise<{ backedUp: boolean }> {
  const { gameDayId } = gameDay;
  const { clock, dashboards, dashboard } = services;
  const target = await services.target(gameDay.target);
  const [backup] = await Promise.all([
    once(
      gameDayId,
      'backup',
      async () => ({ done: true, evidence: await backUp(target, gameDayId, services) }),
      services,
    ),
    once(gameDayId, 'told-start', () => tell('start', gameDayStarted(gameDay, clock.now()), services), services),
    once(gameDayId, 'dashboard', () => lookAt(dashboard, dashboards), services),
  ]);
  if (!backup.done && target.safety.requireBackup) await refuse(gameDayId, backup, services);
  return { backedUp: backup.done };
}

/** As any other stop: no run of it starts, and its report says why. */
async function refuse(gameDayId: string, { evidence }: ChecklistRecord, services: BeginServices): Promise<void> {
  const reason = `the target requires a backup, and there is none: ${evidence}`;
  await stopGameDay({ gameDayId, reason, by: 'Faultline' }, services);
}

async function lookAt(name: string, dashboards: Pick<DashboardsClient, 'widgets'>) {
  const widgets = await dashboards.widgets(name);
  const titles = widgets.filter(({ type }) => type === 'metric').map(({ title }) => title ?? 'untitled');
  if (titles.length === 0) return { done: false, evidence: `CloudWatch dashboard ${name} shows no metric` };
  return { done: true, evidence: `CloudWatch dashboard ${name} shows ${titles.join(', ')}` };
}
