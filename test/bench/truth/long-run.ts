import { seededRandom } from '../../../lambdas/analysis/bootstrap.ts';
import type { Evidence } from '../../../lambdas/analysis/evidence.ts';
import { sum } from '../../../lambdas/analysis/robust.ts';
import type { LedgerEntry, ReadbackEntry } from '../../../lambdas/evidence/ledger.ts';
import type { Window } from '../../../lambdas/evidence/window.ts';
import { encode } from '../../lambdas/analysis/support/load.ts';
import { around, resilientDatabase } from '../../lambdas/analysis/support/stories.ts';
import { tell } from '../../lambdas/analysis/support/story.ts';

const mostRecorded = 200_000;

export interface Volume {
  /** Of one series in one second. Default 10. */
  requests?: number;
  /** Acknowledged writes beside those of the story, all of them found again. Default 0. */
  writes?: number;
}

/** Evidence of a database's failure with this many windows, in each of which all the series have requests. */
export function longRun(windows: number, series: number, { requests = 10, writes = 0 }: Volume = {}): Evidence {
  // As many different histograms as can be drawn in seconds.
  const differentHistograms = Math.max(5, Math.min(500, Math.floor((20 * mostRecorded) / requests)));
  const { evidence, truth } = tell({
    ...resilientDatabase,
    rps: 1,
    baselineSeconds: Math.round(windows / 4),
    holdSeconds: Math.round(windows * 0.6),
    afterSeconds: 30,
  });
  const random = seededRandom(`long run of ${windows}`);
  const histograms = Array.from({ length: differentHistograms }, () =>
    encode(Array.from({ length: requests }, () => around(8, random, 0.8))),
  );
  const from = Math.floor(truth.load);
  const made = Array.from({ length: windows }, (_, i): Window => {
    const t = from + i;
    const isDown = t + 1 > truth.fault && t < truth.recovered;
    const cells = Array.from({ length: series }, (_, s) => ({
      endpoint: `GET /endpoint/${s}`,
      outcome: isDown && s % 2 === 1 ? ('http_503' as const) : ('ok' as const),
      count: requests,
      histogram: histograms[Math.floor(random() * differentHistograms)]!,
    }));
    return { t, users: 100, cells, retryAfter: 0, errorSamples: [] };
  });
  const cells = made.flatMap((w) => w.cells);
  const count = (some: typeof cells) => sum(some.map((c) => c.count));
  const totals = { requests: count(cells), failures: count(cells.filter((c) => c.outcome !== 'ok')) };
  const more = Array.from({ length: writes }, (_, i) => ({ key: `write-${i}`, at: from + (i / writes) * windows }));
  return {
    ...evidence,
    windows: made,
    generator: { ...evidence.generator!, locust: totals, windows: totals },
    ledger: [...evidence.ledger, ...more.map(acknowledged)],
    readback: [...evidence.readback, ...more.map(found)],
  };
}

const acknowledged = ({ key, at }: { key: string; at: number }): LedgerEntry => ({
  class: 'transactions',
  key,
  intent: at - 0.01,
  ack: at,
  outcome: 'acked',
});

const found = ({ key }: { key: string }): ReadbackEntry => ({
  class: 'transactions',
  key,
  found: 'found',
  control: false,
});
