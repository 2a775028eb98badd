import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { seededRandom } from '../../../lambdas/analysis/bootstrap.ts';
import { type Evidence, targetView } from '../../../lambdas/analysis/evidence.ts';
import { factsOf } from '../../../lambdas/analysis/facts.ts';
import { sum } from '../../../lambdas/analysis/robust.ts';
import { rpoOf } from '../../../lambdas/analysis/rpo.ts';
import { systemClock } from '../../../lambdas/aws/clock.ts';
import { type DataClass, dataClasses } from '../../../lambdas/evidence/ledger.ts';
import { control } from '../../../lambdas/scenarios/control.ts';
import type { Target } from '../../../lambdas/target/target.ts';
import { readBack } from '../../../lambdas/verify/readback.ts';
import { LocustRun, locustFolder } from '../../infra/locust/locust-run.ts';
import { SampleApp } from '../../infra/sample-app/sample-app.ts';
import { aRun } from '../../lambdas/support/run.ts';
import { aTarget } from '../../lambdas/support/target.ts';
import { startPostgres, startRedis } from '../../support/services.ts';
import { defineBenchmark } from '../benchmark.ts';
import { loadEvidence, phase } from '../truth/load-evidence.ts';

/** Acknowledged rows of each class that are gone, one after the other. */
const losses = [0, 1, 10, 100] as const;
const users = 150;
const loadSeconds = 15;
const tables: Record<DataClass, string> = { users: 'users', transactions: 'whispers', sessions: 'sessions' };

/** Whether the ledger and its read-back find exactly what is gone: rows deleted from the sample's database meanwhile. */
export const rpoExact = defineBenchmark({
  ids: {
    'rpo-exact': {
      unit: 'writes',
      goal: { at: 'most', value: 0 },
      what: `writes taken for lost that are there, or for there that are lost, with ${losses.join(', ')} of each class deleted behind the application's back`,
    },
  },
  async run({ signal, progress }) {
    const ends: (() => Promise<unknown>)[] = [];
    try {
      const database = await startPostgres();
      ends.push(() => database.remove());
      const cache = await startRedis();
      ends.push(() => cache.remove());
      const app = await SampleApp.start(database, cache);
      ends.push(() => app.stop());
      await app.healthy();
      progress(`load for ${loadSeconds} s`);
      const measured = await underLoad(app, signal, ends);
      const client = new Client({ connectionString: database.url });
      await client.connect();
      ends.push(() => client.end());
      return { 'rpo-exact': await compare(app, measured, client, progress) };
    } finally {
      for (const end of ends.reverse()) await end();
    }
  },
});

async function underLoad(app: SampleApp, signal: AbortSignal, ends: (() => Promise<unknown>)[]): Promise<Evidence> {
  const target = targetOf(app);
  const file = join(locustFolder, 'sample', 'locustfile.py');
  const load = await LocustRun.start({ file, host: target.endpoint, users });
  ends.push(() => load.remove());
  await load.loaded(40);
  const begun = systemClock.now();
  await sleep(loadSeconds * 1000, undefined, { signal });
  const ended = systemClock.now();
  load.master.kill('SIGTERM');
  await load.ended();
  return {
    run: aRun({ runId: 'rpo-exact', scenario: 'control', target, createdAt: begun, endedAt: ended }),
    scenario: control,
    target: targetView(target),
    events: [phase(begun, 'baseline'), phase(begun + 8, 'fault'), phase(ended - 1, 'after'), phase(ended, 'verify')],
    samples: [],
    readback: [],
    ...loadEvidence(load),
  };
}

const targetOf = (app: SampleApp): Target =>
  aTarget({
    endpoint: app.url,
    readback: {
      users: { path: '/users/{key}', label: 'User Data' },
      transactions: { path: '/whispers/{key}', label: 'Transactions' },
      sessions: { path: '/sessions/{key}', label: 'Session Data' },
    },
  });

/** @throws Error when the load made fewer writes of a class than are to be deleted */
async function compare(app: SampleApp, measured: Evidence, client: Client, progress: (text: string) => void) {
  const shuffled = Object.fromEntries(dataClasses.map((c) => [c, shuffledKeys(c, measured)]));
  const steps = [];
  for (const [i, n] of losses.entries()) {
    progress(`${n} of each class deleted`);
    for (const c of dataClasses) await remove(client, c, shuffled[c]!.slice(losses[i - 1] ?? 0, n));
    const readback = await readBack(targetOf(app), measured.ledger, {
      fetch,
      clock: systemClock,
      randomId: randomUUID,
    });
    const facts = factsOf({ ...measured, readback });
    const classes = rpoOf(facts).map(({ class: c, ackedWrites, lost, unreadable, unacknowledged, text }) => {
      const gone = new Set(shuffled[c]!.slice(0, n));
      const told = facts.losses[c].lost.map((w) => w.key);
      const falselyLost = told.filter((key) => !gone.has(key)).length;
      const missed = n - (told.length - falselyLost);
      return { class: c, ackedWrites, deleted: n, lost, falselyLost, missed, unreadable, unacknowledged, text };
    });
    steps.push({ deleted: n, classes });
  }
  const wrong = steps.flatMap((s) => s.classes).map((c) => c.falselyLost + c.missed);
  return { value: sum(wrong), detail: steps };
}

function shuffledKeys(dataClass: DataClass, { ledger }: Evidence): string[] {
  const random = seededRandom(dataClass);
  const acked = ledger.filter((e) => e.class === dataClass && e.outcome === 'acked').map((e) => e.key);
  const most = Math.max(...losses);
  if (acked.length <= most) throw new Error(`the load made ${acked.length} writes of ${dataClass}, ${most} are to go`);
  return acked
    .map((key) => ({ key, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ key }) => key);
}

/** @throws Error when the rows are not there */
async function remove(client: Client, dataClass: DataClass, keys: readonly string[]): Promise<void> {
  const { rowCount } = await client.query(`delete from ${tables[dataClass]} where id = any($1::uuid[])`, [keys]);
  if (rowCount !== keys.length) throw new Error(`${rowCount} of ${keys.length} rows of ${dataClass} were there`);
}
