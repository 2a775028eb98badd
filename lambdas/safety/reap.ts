import { inOneLine } from '../aws/one-line.ts';
import type { Hosts } from '../hosts/hosts.client.ts';
import { samplerDocument } from '../hosts/sampling.ts';
import type { LoadTasks } from '../load/load-tasks.client.ts';
import type { Services } from '../runs/run-context.ts';
import type { CleanUpsClient } from './clean-ups.client.ts';
import type { Lease } from './leases.client.ts';

export interface ReaperServices extends Pick<Services, 'leases' | 'undoRecords' | 'runs' | 'clock'> {
  cleanUps: Pick<CleanUpsClient, 'start'>;
  loadTasks: Pick<LoadTasks, 'living' | 'stop'>;
  hosts: Pick<Hosts, 'living' | 'cancel'>;
  /** Is told how many faults are not proven gone while no run takes care of them; not of none. */
  openFaults(count: number): Promise<void>;
}

export interface Reaped {
  /** Runs whose clean-up was started, with the reason. */
  orphans: { runId: string; reason: string }[];
  /** Load tasks, and commands that sample hosts, that were ended because no run is theirs. */
  tasks: string[];
}

/** Shorter than the schedule's period, so that it ends before the next call. */
export const watchSeconds = 50;
const pollSeconds = 5;
/** A lease has expired when its time has passed, not when it has come. */
const pastExpirySeconds = 0.1;

/**
 * Finds what no run takes care of any more: leases that nobody renews, undo records and open runs without a lease, load
 * tasks and samplers without a run. Each such run is handed to the clean-up machine, which reverts, reports and releases as every
 * run's own end does. As long as anything is leased it goes on looking, for the next call may be a minute away. Being
 * called again, or twice at the same time, does no harm.
 * @throws AggregateError when something could not be ended; everything else was nevertheless
 */
export async function reap(services: ReaperServices): Promise<Reaped> {
  const { clock } = services;
  const until = clock.now() + watchSeconds;
  const orphans = new Map<string, string>();
  const tasks = new Set<string>();
  const failures: unknown[] = [];
  const open = new Set<string>();
  for (;;) {
    const nextExpiry = await look(services, orphans, tasks, open).catch((error) => {
      failures.push(error);
      return Number.POSITIVE_INFINITY;
    });
    if (nextExpiry === null) break;
    const pause = Math.min(pollSeconds, Math.max(nextExpiry - clock.now(), 0) + pastExpirySeconds);
    if (clock.now() + pause > until) break;
    await clock.sleep(pause);
  }
  if (open.size > 0) await services.openFaults(open.size).catch((error) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, inOneLine(String(failures[0])));
  return { orphans: [...orphans].map(([runId, reason]) => ({ runId, reason })), tasks: [...tasks] };
}

/** Looks once and adds what it has found to the books. Returns when the first lease of a living run runs out, or null. */
async function look(
  services: ReaperServices,
  known: Map<string, string>,
  ended: Set<string>,
  open: Set<string>,
): Promise<number | null> {
  const { cleanUps, clock } = services;
  const found = await orphansOf(services);
  for (const runId of found.faulty) open.add(runId);
  const orphans = found.orphans.filter(([runId]) => !known.has(runId));
  const at = clock.now();
  const started = await Promise.allSettled(
    orphans.map(async ([runId, cause]) => {
      await cleanUps.start({ runId, status: 'ORPHANED', cause }, at);
      known.set(runId, cause);
    }),
  );
  // Read before the leases: a run that began in between has its tasks only after its lease.
  const living = await livingWork(services);
  const leases = await services.leases.all();
  const holders = new Set(leases.map(({ runId }) => runId));
  const stray = living.filter(({ id, runId }) => (runId === null || !holders.has(runId)) && !ended.has(id));
  const stopped = await Promise.allSettled(
    stray.map(async ({ id, end }) => {
      await end();
      ended.add(id);
    }),
  );
  // What one of them came to must not keep the others from being cleaned up.
  for (const result of [...started, ...stopped]) if (result.status === 'rejected') throw result.reason;
  const expiries = leases.filter(({ runId }) => !known.has(runId)).map(({ expiresAt }) => expiresAt);
  return expiries.length > 0 ? Math.min(...expiries) : null;
}

/** What is at work for some run: load tasks, and the samplers of its hosts. */
async function livingWork({ loadTasks, hosts }: ReaperServices) {
  const [tasks, samplers] = await Promise.all([loadTasks.living(), hosts.living(samplerDocument)]);
  return [
    ...tasks.map((task) => ({
      id: task.arn,
      runId: task.startedBy,
      end: () => loadTasks.stop(task, 'no run takes care of it any more'),
    })),
    ...samplers.map(({ commandId, runId }) => ({ id: commandId, runId, end: () => hosts.cancel(commandId) })),
  ];
}

/** The runs that nobody conducts, with the reason, and those of them whose fault is not proven gone. */
async function orphansOf({
  leases,
  undoRecords,
  runs,
  clock,
}: ReaperServices): Promise<{ orphans: [string, string][]; faulty: string[] }> {
  // Read before the leases: a run takes its target first, and leaves it last.
  const [unfinished, open] = await Promise.all([undoRecords.unfinished(), runs.open()]);
  const all = await leases.all();
  const held = new Set(all.map(({ runId }) => runId));
  const orphans = new Map([
    ...open.filter((id) => !held.has(id)).map((id) => [id, 'nothing conducted it any more: it had no lease'] as const),
    ...unfinished.filter(({ runId }) => !held.has(runId)).map(({ runId }) => [runId, unrestored] as const),
    ...all.filter(({ expiresAt }) => expiresAt < clock.now()).map((l) => [l.runId, expiredReason(l)] as const),
  ]);
  const faulty = unfinished.map(({ runId }) => runId).filter((runId) => orphans.has(runId));
  return { orphans: [...orphans], faulty };
}

const unrestored = 'its fault was not proven gone and no run takes care of it';
const expiredReason = ({ expiresAt }: Lease) =>
  `nothing conducted it any more: its lease expired at ${new Date(expiresAt * 1000).toISOString()}`;
