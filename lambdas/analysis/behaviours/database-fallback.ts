import { cacheUse } from '../cache-use.ts';
import { databaseActivity } from '../database-activity.ts';
import type { ColumnFacts } from '../facts.ts';
import { count, percent } from '../format.ts';
import type { PhaseLoad } from '../load.ts';
import { comparing, no, partly, unknown, yes } from './behaviour.ts';

const served = 0.99;
const rises = 1.1;

/** Reads succeed without the cache, and the database does the work instead. */
export const databaseFallback = comparing((before, during) => {
  const reads = readsOf(during.load);
  if (reads.requests === 0) return unknown('not measured: no read ended during the fault');
  const success = reads.ok / reads.requests;
  const [usual, now] = [queriesPerRequest(before), queriesPerRequest(during)];
  const { hitRate } = cacheUse(during);
  const work =
    usual === null || now === null
      ? 'database work not read'
      : `${usual.toFixed(2)} to ${now.toFixed(2)} database queries a request`;
  const evidence = `${percent(success)} of ${count(reads.requests)} reads succeeded, ${work}`;
  const worked = usual !== null && now !== null ? now >= rises * usual : hitRate === null ? null : hitRate === 0;
  if (success < 0.5) return no(evidence);
  if (worked === null) return unknown(`${evidence}; the cache's part is not known`);
  if (success >= served && (worked || hitRate === 0)) return yes(evidence);
  return partly(evidence);
});

function readsOf(load: PhaseLoad): { requests: number; ok: number } {
  const reads = load.byEndpoint.filter((e) => /^(GET|HEAD) /i.test(e.endpoint));
  return {
    requests: reads.reduce((n, e) => n + e.requests, 0),
    ok: reads.reduce((n, e) => n + e.ok, 0),
  };
}

function queriesPerRequest(column: ColumnFacts): number | null {
  const { rate } = databaseActivity(column);
  const requests = column.load.seconds > 0 ? column.load.requests / column.load.seconds : 0;
  return rate === null || requests === 0 ? null : rate / requests;
}
