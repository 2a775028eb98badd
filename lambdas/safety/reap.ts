import type { LoadTasks } from '../load/load-tasks.client.ts';
import type { Services } from '../runs/run-context.ts';
import type { CleanUpsClient } from './clean-ups.client.ts';
import { type Lease, leaseSeconds } from './leases.client.ts';

export interface ReaperServices extends Pick<Services, 'leases' | 'undoRecords' | 'runs' | 'clock'> {
  cleanUps: Pick<CleanUpsClient, 'start'>;
  loadTasks: Pick<LoadTasks, 'living' | 'stop'>;
}

export interface Reaped {
  /** Runs whose clean-up was started, with the reason. */
  orphans: { runId: string; reason: string }[];
  /** Load tasks that were ended because no run is theirs. */
  tasks: string[];
}

const pollSeconds = 1;

/**
 * Finds what no run takes care of any more: leases that nobody renews, undo records and open runs without
 * a lease, load tasks without a run. Each such run is handed to the clean-up machine, which reverts, reports and releases as every run's
 * own end does. Being called again, or twice at the same time, does no harm.
 */
export async function reap(services: ReaperServices): Promise<Reaped> {
  const { leases, undoRecords, runs, cleanUps, loadTasks, clock } = services;
  const expired = await expiredLeases(services);
  // Read before the leases: a run takes its target first, and leaves it last.
  const [unfinished, open] = await Promise.all([undoRecords.unfinished(), runs.open()]);
  const held = new Set((await leases.all()).map(({ runId }) => runId));
  const orphans = new Map([
    ...open.filter((id) => !held.has(id)).map((id) => [id, 'nothing conducted it any more: it had no lease'] as const),
    ...unfinished.filter(({ runId }) => !held.has(runId)).map(({ runId }) => [runId, unrestored] as const),
    ...expired.map(({ runId, expiresAt }) => [runId, expiredReason(expiresAt)] as const),
  ]);
  const at = clock.now();
  const started = await Promise.allSettled(
    [...orphans].map(([runId, cause]) => cleanUps.start({ runId, status: 'ORPHANED', cause }, at)),
  );
  // Read before the leases again: a run that began in between has its tasks only after its lease.
  const tasks = await loadTasks.living();
  const holders = new Set((await leases.all()).map(({ runId }) => runId));
  const stray = tasks.filter(({ startedBy }) => startedBy === null || !holders.has(startedBy));
  const stopped = await Promise.allSettled(
    stray.map((task) => loadTasks.stop(task, 'no run takes care of it any more')),
  );
  // What one of them came to must not keep the others from being cleaned up.
  for (const result of [...started, ...stopped]) if (result.status === 'rejected') throw result.reason;
  return {
    orphans: [...orphans].map(([runId, reason]) => ({ runId, reason })),
    tasks: stray.map(({ arn }) => arn),
  };
}

const unrestored = 'its fault was not proven gone and no run takes care of it';
const expiredReason = (expiresAt: number) =>
  `nothing conducted it any more: its lease expired at ${new Date(expiresAt * 1000).toISOString()}`;

/**
 * The leases that have run out. Each other one is watched until it is renewed, which takes a living run seconds, or has
 * run out as well: the next call may be a minute away.
 */
async function expiredLeases({ leases, clock }: Pick<ReaperServices, 'leases' | 'clock'>): Promise<Lease[]> {
  const until = clock.now() + leaseSeconds;
  const first = new Map((await leases.all()).map(({ resource, expiresAt }) => [resource, expiresAt]));
  for (;;) {
    const all = await leases.all();
    const isExpired = ({ expiresAt }: Lease) => expiresAt < clock.now();
    const undecided = all.some((lease) => first.get(lease.resource) === lease.expiresAt && !isExpired(lease));
    if (!undecided || clock.now() > until) return all.filter(isExpired);
    await clock.sleep(pollSeconds);
  }
}
