import type { Task } from '@aws-sdk/client-ecs';
import { z } from 'zod';
import { describeError } from '../observer/probes.ts';
import { waitLimits } from '../runs/run.ts';
import { sessionName } from '../slow-query/session-name.ts';
import type { Target } from '../target/target.ts';
import { defineFault, doesNotApply, FaultRefused, type Proof } from './fault.ts';
import { assertOptedIn } from './opted-in.ts';

const parameters = z.strictObject({
  /** Sessions that queue for the same locks. With few of them statements of the application get in between. */
  sessions: z.int().min(2).max(20),
  /** How long one session holds the locks before the next one does. */
  holdSeconds: z.int().min(1).max(60),
});
type Parameters = z.infer<typeof parameters>;

/** Nothing has to be restored: what is kept is how to find all that there may be of it. */
const original = z.object({
  runId: z.string(),
  tables: z.array(z.string()).min(1),
  sessionName: z.string().startsWith('faultline-slow-'),
  /** Sessions that had one of the tables for themselves before; not Faultline's. */
  lockedBy: z.int(),
  /** Epoch seconds: a task that starts later does nothing. */
  notAfter: z.int(),
  /** From the task's start to the end of its last lock, whatever becomes of the run. */
  seconds: z.int(),
});

/** Past the planned time; then the sessions end by themselves. */
const marginSeconds = 30;

/** Blocks the tables of the target's database by sessions that lock them in turn. */
export const slowQuery = defineFault<Parameters, z.infer<typeof original>>({
  id: 'slow-query',
  parameters,
  original,

  lacks: ({ database }) => (database?.tables ? null : 'no database with tables that may be locked'),

  async touches({ target }, p) {
    const { cluster, service, tables } = blockable(target);
    return [
      {
        kind: 'service',
        id: `${cluster}/${service}`,
        change: `ECS service ${service} in cluster ${cluster}: ${p.sessions} sessions lock its tables ${tables.join(', ')} in turn, ${p.holdSeconds} s each, and are ended`,
      },
    ];
  },

  async check({ target, ecs }) {
    const { cluster, service } = blockable(target);
    assertOptedIn(`ECS service ${service}`, (await ecs.describe(cluster, service)).optedIn);
  },

  async capture({ target, ecs, clock, slowQuery: { sessions } }, _p, { runId, seconds }) {
    const { cluster, service, tables } = blockable(target);
    assertOptedIn(`ECS service ${service}`, (await ecs.describe(cluster, service)).optedIn);
    const { missing, forbidden, seesOthers, lockedBy } = await sessions.lockable(tables);
    refuseIf(missing.length > 0, `it has no table ${missing.join(', ')}`);
    refuseIf(forbidden.length > 0, `its login may not lock ${forbidden.join(', ')}: grant it MAINTAIN on them`);
    refuseIf(!seesOthers, 'its login may not see who waits: grant it pg_monitor');
    return {
      runId,
      tables,
      sessionName: sessionName(runId),
      lockedBy,
      notAfter: Math.floor(clock.now()) + waitLimits.proof,
      seconds: seconds.fault + marginSeconds,
    };
  },

  async inject({ target, slowQuery: { tasks } }, p, o) {
    const { host, port, name } = blockable(target);
    await tasks().start(o.runId, target.id, {
      PGHOST: host,
      PGPORT: String(port),
      PGDATABASE: name,
      FAULTLINE_SESSION_NAME: o.sessionName,
      FAULTLINE_TABLES: o.tables.join(','),
      FAULTLINE_SESSIONS: String(p.sessions),
      FAULTLINE_HOLD_SECONDS: String(p.holdSeconds),
      FAULTLINE_NOT_AFTER: String(o.notAfter),
      FAULTLINE_SECONDS: String(o.seconds),
    });
  },

  async prove({ clock, slowQuery: { sessions, tasks } }, _p, o) {
    const proof = await measured(async () => {
      const { sessions: own, held, waiting } = await sessions.blocked(o.sessionName, o.tables);
      return {
        proven: held === o.tables.length && waiting > 0,
        detail:
          `${own} sessions named ${o.sessionName}, one of which has ${held} of the ${o.tables.length} tables ` +
          `(${o.tables.join(', ')}) for itself; ${waiting} other sessions wait for them`,
      };
    });
    const hopeless = proof.proven ? null : whyNever(await tasks().of(o.runId), clock.now());
    return hopeless === null ? proof : { ...proof, detail: `${hopeless}; ${proof.detail}`, isFinal: true };
  },

  /** Each of the two ends the fault alone: neither waits for the other, nor is left out because the other fails. */
  async revert({ slowQuery: { sessions, tasks } }, _p, o) {
    const ended = await Promise.allSettled([sessions.terminate(o.sessionName), tasks().stop(o.runId)]);
    const reasons = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    if (reasons.length === 1) throw reasons[0];
    if (reasons.length > 1) throw new AggregateError(reasons, reasons.map(describeError).join('; '));
  },

  async proveGone({ slowQuery: { sessions, tasks } }, _p, o) {
    const living = await tasks().living(o.runId);
    return measured(async () => {
      const { sessions: own, waiting } = await sessions.blocked(o.sessionName, o.tables);
      await sessions.read(o.tables);
      return {
        proven: living.length === 0 && own === 0,
        detail:
          `${living.length} tasks of the run, ${own} sessions named ${o.sessionName}, ${waiting} other sessions wait ` +
          `for them; ${o.tables.join(', ')} can be read`,
      };
    });
  },
});

/** A database that does not answer, or does not let a reader in, proves nothing; the next look may. */
async function measured(look: () => Promise<Proof>): Promise<Proof> {
  try {
    return await look();
  } catch (error) {
    return { proven: false, detail: `not measured: ${describeError(error)}` };
  }
}

/** Null while the run's task may still come to lock the tables. */
function whyNever(tasks: Task[], now: number): string | null {
  for (const { lastStatus, stoppedReason, startedAt, containers } of tasks) {
    const exitCode = containers?.[0]?.exitCode;
    if (lastStatus === 'STOPPED') return `its task has stopped with exit code ${exitCode ?? '?'}: ${stoppedReason}`;
    const seconds = startedAt ? now - startedAt.getTime() / 1000 : 0;
    // What is left of its time is shorter than what the run wants to see.
    if (seconds > marginSeconds) return `its task has run for ${Math.round(seconds)} s`;
  }
  return null;
}

function refuseIf(condition: boolean, why: string): void {
  if (condition) throw new FaultRefused(`the database cannot be blocked: ${why}`);
}

function blockable(target: Target) {
  const { database } = target;
  if (!database?.tables) throw new FaultRefused(doesNotApply(target, 'no database with tables that may be locked'));
  return { ...database, tables: database.tables };
}
